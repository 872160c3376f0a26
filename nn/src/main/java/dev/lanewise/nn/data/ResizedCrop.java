package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.random.RandomGenerator;

/**
 * Cuts a rectangle of random area and proportions out of an image and scales it to a square: the
 * usual augmentation of ImageNet (Szegedy et al., 2015).
 *
 * @param size side of the square
 * @param minArea least part of the image's area
 * @param maxArea greatest part of it
 */
public record ResizedCrop(int size, double minArea, double maxArea) implements Augment {

  /** Least and greatest width by height. */
  private static final double RATIO = 4 / 3.0;

  private static final int TRIES = 10;

  /** Validates the sizes. */
  public ResizedCrop {
    Check.positive("crop size", size);
    Check.that(
        minArea > 0 && minArea <= maxArea && maxArea <= 1,
        "areas must be 0 < least <= greatest <= 1, are %s and %s",
        minArea,
        maxArea);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    double area = (double) image.height() * image.width();
    for (int i = 0; i < TRIES; i++) {
      double part = area * (minArea + (maxArea - minArea) * random.nextDouble());
      double logRatio = StrictMath.log(RATIO) * (2 * random.nextDouble() - 1);
      double stretch = StrictMath.exp(logRatio / 2);
      double height = Math.sqrt(part) / stretch;
      double width = Math.sqrt(part) * stretch;
      if (height <= image.height() && width <= image.width()) {
        double top = random.nextDouble() * (image.height() - height);
        double left = random.nextDouble() * (image.width() - width);
        Resample.apply(image, top, left, height, width, size, size);
        return;
      }
    }
    double side = Math.min(image.height(), image.width());
    double top = (image.height() - side) / 2;
    double left = (image.width() - side) / 2;
    Resample.apply(image, top, left, side, side, size, size);
  }
}
