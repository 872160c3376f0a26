package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.random.RandomGenerator;

/**
 * Mirrors some images.
 *
 * @param horizontal the probability that left and right are exchanged
 * @param vertical the probability that top and bottom are
 */
public record Flip(double horizontal, double vertical) implements Augment {

  /** Validates the probabilities. */
  public Flip {
    probability("horizontal flip", horizontal);
    probability("vertical flip", vertical);
  }

  static void probability(String name, double value) {
    Check.that(value >= 0 && value <= 1, "%s must lie between 0 and 1, is %s", name, value);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    boolean mirrored = random.nextDouble() < horizontal;
    boolean turned = random.nextDouble() < vertical;
    int height = image.height();
    int width = image.width();
    float[] data = image.data();
    if (mirrored) {
      for (int row = 0; row < image.channels() * height; row++) {
        exchange(data, row * width, 1, (row + 1) * width - 1, -1, width / 2);
      }
    }
    if (turned) {
      for (int c = 0; c < image.channels(); c++) {
        int plane = c * height * width;
        for (int x = 0; x < width; x++) {
          exchange(data, plane + x, width, plane + (height - 1) * width + x, -width, height / 2);
        }
      }
    }
  }

  private static void exchange(float[] data, int i, int up, int j, int down, int count) {
    for (int k = 0; k < count; k++) {
      float kept = data[i + k * up];
      data[i + k * up] = data[j + k * down];
      data[j + k * down] = kept;
    }
  }
}
