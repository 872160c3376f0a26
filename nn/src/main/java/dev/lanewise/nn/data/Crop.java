package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Surrounds an image with zeros and cuts a square of a fixed size out of it.
 *
 * @param size side of the square, or 0 for the image's own height and width
 * @param padding rows and columns of zeros on each side
 * @param centred whether the middle is cut out, rather than any place
 */
public record Crop(int size, int padding, boolean centred) implements Augment {

  /** Validates the sizes. */
  public Crop {
    Check.notNegative("crop size", size);
    Check.notNegative("crop padding", padding);
  }

  /** Cuts the image's own size out of it, padded: the usual augmentation of CIFAR. */
  public static Crop padded(int padding) {
    return new Crop(0, padding, false);
  }

  /** Cuts out the middle. */
  public static Crop centre(int size) {
    return new Crop(size, 0, true);
  }

  /** Adds zeros on each side and cuts nothing off. */
  static void pad(Image image, int padding) {
    int height = image.height() + 2 * padding;
    int width = image.width() + 2 * padding;
    cut(image, height, width, -padding, -padding);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    int height = size == 0 ? image.height() : size;
    int width = size == 0 ? image.width() : size;
    int spareHeight = image.height() + 2 * padding - height;
    int spareWidth = image.width() + 2 * padding - width;
    Check.that(
        spareHeight >= 0 && spareWidth >= 0,
        "a crop of %d x %d does not fit an image of %s with padding %d",
        height,
        width,
        image.shape(),
        padding);
    int top = centred ? spareHeight / 2 : random.nextInt(spareHeight + 1);
    int left = centred ? spareWidth / 2 : random.nextInt(spareWidth + 1);
    cut(image, height, width, top - padding, left - padding);
  }

  /** Cuts a rectangle out; what lies outside the image is zero. */
  private static void cut(Image image, int height, int width, int top, int left) {
    int oldHeight = image.height();
    int oldWidth = image.width();
    float[] old = image.replace(height, width);
    float[] data = image.data();
    int firstX = Math.clamp(-left, 0, width);
    int lastX = Math.clamp(oldWidth - left, firstX, width);
    for (int c = 0; c < image.channels(); c++) {
      for (int y = 0; y < height; y++) {
        int row = (c * height + y) * width;
        int oldY = y + top;
        if (oldY < 0 || oldY >= oldHeight) {
          Arrays.fill(data, row, row + width, 0);
          continue;
        }
        Arrays.fill(data, row, row + firstX, 0);
        int from = (c * oldHeight + oldY) * oldWidth + left + firstX;
        System.arraycopy(old, from, data, row + firstX, lastX - firstX);
        Arrays.fill(data, row + lastX, row + width, 0);
      }
    }
  }
}
