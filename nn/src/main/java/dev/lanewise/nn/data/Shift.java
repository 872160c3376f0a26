package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.Random;

/**
 * Varies training images by moving each by a few pixels, as a writer might have placed it.
 *
 * @param pixels the farthest move in either direction; 0 leaves images as they are
 */
public record Shift(int pixels) {

  /** Validates the distance. */
  public Shift {
    Check.notNegative("shift", pixels);
  }

  /**
   * Moves an image of {@code [channels, height, width]} in place; the pixels at the border are
   * repeated where nothing moves in.
   *
   * @param spare at least one plane of floats, overwritten
   */
  void apply(
      float[] image,
      int offset,
      int channels,
      int height,
      int width,
      float[] spare,
      Random random) {
    if (pixels == 0) {
      return;
    }
    int down = random.nextInt(2 * pixels + 1) - pixels;
    int right = random.nextInt(2 * pixels + 1) - pixels;
    for (int c = 0; c < channels; c++) {
      int plane = offset + c * height * width;
      System.arraycopy(image, plane, spare, 0, height * width);
      for (int y = 0; y < height; y++) {
        int from = Math.clamp(y - down, 0, height - 1) * width;
        for (int x = 0; x < width; x++) {
          image[plane + y * width + x] = spare[from + Math.clamp(x - right, 0, width - 1)];
        }
      }
    }
  }
}
