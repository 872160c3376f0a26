package dev.lanewise.nn.data;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * A data set whose images go through steps that are always the same, such as a {@link Resize} and a
 * {@link Crop} of the middle.
 *
 * @param data the set
 * @param steps what is done to each image
 */
public record Prepared(Dataset data, List<Augment> steps) implements DerivedDataset {

  /** Copies the steps. */
  public Prepared {
    steps = List.copyOf(steps);
  }

  @Override
  public void read(int index, Image image) throws IOException {
    data.read(index, image);
    Random same = new Random(0);
    steps.forEach(step -> step.apply(image, same));
  }

  @Override
  public Normalization normalization() {
    return data.normalization();
  }
}
