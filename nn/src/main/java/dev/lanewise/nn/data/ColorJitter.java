package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.random.RandomGenerator;

/**
 * Changes the colours of an image whose values lie between 0 and 1, and keeps them there. Grey
 * images have no saturation and no hue to change.
 *
 * @param brightness the greatest change, as a part: 0.4 multiplies by 0.6 to 1.4
 * @param contrast the same, of the distance from the mean grey
 * @param saturation the same, of the distance from each pixel's grey
 * @param hue the farthest turn of the colour circle in either direction, at most 0.5, half of it
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue)
    implements Augment {

  /** How bright red, green and blue look (ITU-R BT.601). */
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  /** Validates the ranges. */
  public ColorJitter {
    part("brightness", brightness, 1);
    part("contrast", contrast, 1);
    part("saturation", saturation, 1);
    part("hue", hue, 0.5);
  }

  private static void part(String name, double value, double most) {
    Check.that(value >= 0 && value <= most, "%s must be 0 to %s, is %s", name, most, value);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    float brighter = factor(brightness, random);
    float harder = factor(contrast, random);
    float richer = factor(saturation, random);
    double turn = hue * (2 * random.nextDouble() - 1);
    if (brightness > 0) {
      blend(image, 0, brighter);
    }
    if (contrast > 0) {
      blend(image, meanGrey(image), harder);
    }
    if (image.channels() == LUMA.length && (saturation > 0 || hue > 0)) {
      turnColours(image, richer, turn);
    }
  }

  private static float factor(double part, RandomGenerator random) {
    return (float) (1 + part * (2 * random.nextDouble() - 1));
  }

  /** Moves every value away from a level, or towards it. */
  private static void blend(Image image, float level, float factor) {
    float[] data = image.data();
    for (int i = 0; i < image.size(); i++) {
      data[i] = Math.clamp(level + (data[i] - level) * factor, 0, 1);
    }
  }

  private static float meanGrey(Image image) {
    int plane = image.height() * image.width();
    float[] data = image.data();
    double sum = 0;
    for (int c = 0; c < image.channels(); c++) {
      double weight = image.channels() == LUMA.length ? LUMA[c] : 1.0 / image.channels();
      for (int i = c * plane; i < (c + 1) * plane; i++) {
        sum += weight * data[i];
      }
    }
    return (float) (sum / plane);
  }

  /** Lengthens and turns the colour differences, in the YIQ space of television. */
  private static void turnColours(Image image, float factor, double turn) {
    int plane = image.height() * image.width();
    float[] data = image.data();
    float cos = factor * (float) StrictMath.cos(2 * Math.PI * turn);
    float sin = factor * (float) StrictMath.sin(2 * Math.PI * turn);
    for (int pixel = 0; pixel < plane; pixel++) {
      float r = data[pixel];
      float g = data[plane + pixel];
      float b = data[2 * plane + pixel];
      float y = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;
      float i = 0.5959f * r - 0.2746f * g - 0.3213f * b;
      float q = 0.2115f * r - 0.5227f * g + 0.3112f * b;
      float turnedI = cos * i - sin * q;
      float turnedQ = sin * i + cos * q;
      data[pixel] = Math.clamp(y + 0.956f * turnedI + 0.619f * turnedQ, 0, 1);
      data[plane + pixel] = Math.clamp(y - 0.272f * turnedI - 0.647f * turnedQ, 0, 1);
      data[2 * plane + pixel] = Math.clamp(y - 1.106f * turnedI + 1.703f * turnedQ, 0, 1);
    }
  }
}
