package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.random.RandomGenerator;

/**
 * Scales an image so that its shorter side has a length; its proportions stay.
 *
 * @param shorter the length in pixels
 */
public record Resize(int shorter) implements Augment {

  /** Validates the length. */
  public Resize {
    Check.positive("shorter side", shorter);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    int height = image.height();
    int width = image.width();
    double scale = (double) shorter / Math.min(height, width);
    int rows = (int) Math.max(1, Math.round(height * scale));
    int columns = (int) Math.max(1, Math.round(width * scale));
    if (rows != height || columns != width) {
      Resample.apply(image, 0, 0, height, width, rows, columns);
    }
  }
}
