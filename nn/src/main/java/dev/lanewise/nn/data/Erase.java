package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.random.RandomGenerator;

/**
 * Fills a random rectangle of some images with noise (Zhong, Zheng, Kang, Li and Yang, 2020), so
 * that no part of them can be relied on alone.
 *
 * @param probability that an image has such a rectangle
 * @param minArea least part of the image's area
 * @param maxArea greatest part of it
 */
public record Erase(double probability, double minArea, double maxArea) implements Augment {

  /** Width by height, and height by width, are at most this. */
  private static final double RATIO = 1 / 0.3;

  private static final int TRIES = 10;

  /** Validates the ranges. */
  public Erase {
    Flip.probability("probability", probability);
    Check.that(
        minArea > 0 && minArea <= maxArea && maxArea < 1,
        "areas must be 0 < least <= greatest < 1, are %s and %s",
        minArea,
        maxArea);
  }

  /** Erases as the paper does: from 2 % to a third of the area. */
  public static Erase of(double probability) {
    return new Erase(probability, 0.02, 1 / 3.0);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    if (random.nextDouble() >= probability) {
      return;
    }
    for (int i = 0; i < TRIES; i++) {
      double part = minArea + (maxArea - minArea) * random.nextDouble();
      double area = part * image.height() * image.width();
      double stretch = StrictMath.exp(StrictMath.log(RATIO) * (random.nextDouble() - 0.5));
      int height = (int) Math.round(Math.sqrt(area) / stretch);
      int width = (int) Math.round(Math.sqrt(area) * stretch);
      if (height >= 1 && width >= 1 && height <= image.height() && width <= image.width()) {
        int top = random.nextInt(image.height() - height + 1);
        int left = random.nextInt(image.width() - width + 1);
        fill(image, top, left, height, width, random);
        return;
      }
    }
  }

  private static void fill(
      Image image, int top, int left, int height, int width, RandomGenerator random) {
    for (int c = 0; c < image.channels(); c++) {
      for (int y = top; y < top + height; y++) {
        int row = (c * image.height() + y) * image.width();
        for (int x = left; x < left + width; x++) {
          image.data()[row + x] = random.nextFloat();
        }
      }
    }
  }
}
