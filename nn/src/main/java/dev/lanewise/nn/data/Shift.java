package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
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
        moveRow(old, from, moved, plane + y * width, width, right);
      }
    }
  }

  private static void moveRow(float[] old, int from, float[] moved, int to, int width, int right) {
    if (right >= 0) {
      Arrays.fill(moved, to, to + right, old[from]);
      System.arraycopy(old, from, moved, to + right, width - right);
    } else {
      System.arraycopy(old, from - right, moved, to, width + right);
      Arrays.fill(moved, to + width + right, to + width, old[from + width - 1]);
    }
  }
}
