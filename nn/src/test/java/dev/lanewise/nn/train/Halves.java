package dev.lanewise.nn.train;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import java.util.List;
import java.util.Random;

/** Noise with a bright left or right half: two classes that any network can tell apart. */
record Halves(int size) implements Dataset {

  @Override
  public List<String> classes() {
    return List.of("left", "right");
  }

  @Override
  public int label(int index) {
    return index % 2;
  }

  @Override
  public void read(int index, Image image) {
    float[] target = image.resize(1, 8, 8);
    Random random = new Random(index);
    for (int i = 0; i < 64; i++) {
      boolean bright = i % 8 / 4 == label(index);
      target[i] = random.nextFloat() + (bright ? 0.5f : -0.5f);
    }
  }
}
