package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.random.RandomGenerator;

/**
 * Moves an image by a few pixels, as a writer might have placed it; the pixels at the border are
 * repeated where nothing moves in.
 *
 * @param pixels the farthest move in either direction, less than a side of the image
 */
public record Shift(int pixels) implements Augment {

  /** Validates the distance. */
  public Shift {
    Check.notNegative("shift", pixels);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    int height = image.height();
    int width = image.width();
    Check.that(
        pixels < Math.min(height, width),
        "a shift by %d pixels moves an image of %d x %d out of sight",
        pixels,
        height,
        width);
    if (pixels == 0) {
      return;
    }
    int down = random.nextInt(2 * pixels + 1) - pixels;
    int right = random.nextInt(2 * pixels + 1) - pixels;
    float[] old = image.replace(height, width);
    float[] moved = image.data();
    for (int c = 0; c < image.channels(); c++) {
      int plane = c * height * width;
      for (int y = 0; y < height; y++) {
        int from = plane + Math.clamp(y - down, 0, height - 1) * width;
        for (int x = 0; x < width; x++) {
          moved[plane + y * width + x] = old[from + Math.clamp(x - right, 0, width - 1)];
        }
      }
    }
  }
}
