package dev.lanewise.nn.insight;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import java.io.IOException;
import java.util.List;

/**
 * A data set whose images are left as they are: pixels from 0 to 1.
 *
 * @param data the set
 */
record Pixels(Dataset data) implements Dataset {

  @Override
  public int size() {
    return data.size();
  }

  @Override
  public List<String> classes() {
    return data.classes();
  }

  @Override
  public int label(int index) {
    return data.label(index);
  }

  @Override
  public void read(int index, Image image) throws IOException {
    data.read(index, image);
  }
}
