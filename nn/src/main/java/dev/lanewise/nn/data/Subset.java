package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Some images of a data set. */
public final class Subset implements Dataset {

  private final Dataset data;
  private final List<Integer> indices;

  /**
   * The images of these numbers, in this order.
   *
   * @throws IllegalArgumentException if there is no image of a number
   */
  public Subset(Dataset data, List<Integer> indices) {
    this.data = data;
    this.indices = List.copyOf(indices);
    for (int index : this.indices) {
      Check.that(
          index >= 0 && index < data.size(), "image %d is not one of %d", index, data.size());
    }
  }

  /**
   * So many images, drawn at random from each class in turn: classes differ by one at most, unless
   * one has no more.
   *
   * @throws IllegalArgumentException if the set has fewer
   */
  public static Subset balanced(Dataset data, int count, long seed) {
    Check.that(count >= 1 && count <= data.size(), "%d images of a set of %d", count, data.size());
    List<List<Integer>> byClass = new ArrayList<>();
    data.classes().forEach(_ -> byClass.add(new ArrayList<>()));
    List<Integer> all = new ArrayList<>(IntStream.range(0, data.size()).boxed().toList());
    Collections.shuffle(all, new Random(seed));
    all.forEach(index -> byClass.get(data.label(index)).add(index));
    List<Integer> drawn = new ArrayList<>();
    for (int round = 0; drawn.size() < count; round++) {
      for (List<Integer> members : byClass) {
        if (round < members.size() && drawn.size() < count) {
          drawn.add(members.get(round));
        }
      }
    }
    return new Subset(data, drawn);
  }

  @Override
  public int size() {
    return indices.size();
  }

  @Override
  public List<String> classes() {
    return data.classes();
  }

  @Override
  public int label(int index) {
    return data.label(indices.get(index));
  }

  @Override
  public void read(int index, Image image) throws IOException {
    data.read(indices.get(index), image);
  }

  @Override
  public Normalization normalization() {
    return data.normalization();
  }
}
