package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.random.RandomGenerator;

/**
 * Turns, scales and moves an image about its centre in one go, by bilinear interpolation; what
 * comes in from outside is zero.
 *
 * @param degrees the farthest turn in either direction
 * @param scale the greatest change of size, as a part of it: 0.1 is from 0.9 to 1.1
 * @param translation the farthest move in either direction, as a part of each side
 */
public record Affine(double degrees, double scale, double translation) implements Augment {

  /** Validates the ranges. */
  public Affine {
    Check.that(degrees >= 0 && degrees <= 180, "degrees must be 0 to 180, are %s", degrees);
    Check.that(scale >= 0 && scale < 1, "a scale must be at least 0 and below 1, is %s", scale);
    Check.that(
        translation >= 0 && translation < 1,
        "a translation must be at least 0 and below 1, is %s",
        translation);
  }

  @Override
  public void apply(Image image, RandomGenerator random) {
    double angle = StrictMath.toRadians(degrees * (2 * random.nextDouble() - 1));
    double zoom = 1 + scale * (2 * random.nextDouble() - 1);
    int height = image.height();
    int width = image.width();
    double down = translation * height * (2 * random.nextDouble() - 1);
    double right = translation * width * (2 * random.nextDouble() - 1);
    double cos = StrictMath.cos(angle) / zoom;
    double sin = StrictMath.sin(angle) / zoom;
    float[] old = image.replace(height, width);
    float[] data = image.data();
    double middleY = (height - 1) / 2.0;
    double middleX = (width - 1) / 2.0;
    for (int y = 0; y < height; y++) {
      double dy = y - middleY - down;
      for (int x = 0; x < width; x++) {
        double dx = x - middleX - right;
        double oldY = middleY + cos * dy - sin * dx;
        double oldX = middleX + sin * dy + cos * dx;
        for (int c = 0; c < image.channels(); c++) {
          int plane = c * height * width;
          data[plane + y * width + x] = sample(old, plane, height, width, oldY, oldX);
        }
      }
    }
  }

  private static float sample(float[] data, int plane, int height, int width, double y, double x) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    float below = (float) (y - top);
    float beside = (float) (x - left);
    float upper =
        (1 - beside) * pixel(data, plane, height, width, top, left)
            + beside * pixel(data, plane, height, width, top, left + 1);
    float lower =
        (1 - beside) * pixel(data, plane, height, width, top + 1, left)
            + beside * pixel(data, plane, height, width, top + 1, left + 1);
    return (1 - below) * upper + below * lower;
  }

  private static float pixel(float[] data, int plane, int height, int width, int y, int x) {
    boolean inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? data[plane + y * width + x] : 0;
  }
}
