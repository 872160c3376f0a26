package dev.lanewise.tools;

import dev.lanewise.nn.data.MnistData;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Brings a picture of a written digit into the form of MNIST: white ink on black, 28x28 pixels, the
 * digit's longer side 20 pixels, its centre of mass in the middle (LeCun et al. 1998, section III).
 */
final class Handwriting {

  private static final int SIDE = MnistData.SIDE;

  private static final int DIGIT_SIDE = 20;

  /** What differs less from the paper is paper; 1 is the strongest ink. */
  private static final float PAPER = 0.3f;

  /** Less contrast than this, of 1, is an empty page. */
  private static final float LEAST_CONTRAST = 0.05f;

  private Handwriting() {}

  /**
   * Finds the ink, scales it with its aspect kept, and centres it. Dark ink on bright paper is
   * turned into bright ink on black.
   *
   * @return 28x28 unsigned bytes, row-major, 0 paper to 255 ink
   * @throws IllegalArgumentException if there is no ink to be seen
   */
  static byte[] normalise(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[] ink = ink(brightness(image), width, height);
    Box box = box(ink, width, height);
    int longer = Math.max(box.width(), box.height());
    int digitWidth = Math.max(1, Math.round((float) DIGIT_SIDE * box.width() / longer));
    int digitHeight = Math.max(1, Math.round((float) DIGIT_SIDE * box.height() / longer));
    float[] digit = scale(ink, width, box, digitWidth, digitHeight);
    stretch(digit);
    return centre(digit, digitWidth, digitHeight);
  }

  private record Box(int left, int top, int width, int height) {}

  /** Luminance from 0 to 1; what is transparent is white. */
  private static float[] brightness(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    float[] brightness = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = pixels[i];
      float alpha = (pixel >>> 24) / 255f;
      float luminance =
          (0.299f * (pixel >> 16 & 255) + 0.587f * (pixel >> 8 & 255) + 0.114f * (pixel & 255))
              / 255f;
      brightness[i] = alpha * luminance + 1 - alpha;
    }
    return brightness;
  }

  /** How far each pixel stands out from the paper, which is the median of the image's rim. */
  private static float[] ink(float[] brightness, int width, int height) {
    float paper = rim(brightness, width, height);
    float sign = paper > 0.5f ? -1 : 1;
    float[] ink = new float[brightness.length];
    for (int i = 0; i < ink.length; i++) {
      ink[i] = Math.max(0, sign * (brightness[i] - paper));
    }
    if (stretch(ink) < LEAST_CONTRAST) {
      throw new IllegalArgumentException("the image is empty: no ink stands out from the paper");
    }
    return ink;
  }

  private static float rim(float[] brightness, int width, int height) {
    float[] rim = new float[2 * (width + height)];
    int count = 0;
    for (int x = 0; x < width; x++) {
      rim[count++] = brightness[x];
      rim[count++] = brightness[(height - 1) * width + x];
    }
    for (int y = 0; y < height; y++) {
      rim[count++] = brightness[y * width];
      rim[count++] = brightness[y * width + width - 1];
    }
    Arrays.sort(rim);
    return rim[count / 2];
  }

  /** Scales values so that the largest is 1, and returns what it was. */
  private static float stretch(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    for (int i = 0; i < values.length && largest > 0; i++) {
      values[i] /= largest;
    }
    return largest;
  }

  private static Box box(float[] ink, int width, int height) {
    int left = width;
    int right = 0;
    int top = height;
    int bottom = 0;
    for (int i = 0; i < ink.length; i++) {
      if (ink[i] > PAPER) {
        left = Math.min(left, i % width);
        right = Math.max(right, i % width);
        top = Math.min(top, i / width);
        bottom = Math.max(bottom, i / width);
      }
    }
    return new Box(left, top, right - left + 1, bottom - top + 1);
  }

  /** The box at another size; each new pixel is the mean of the area it covers. */
  private static float[] scale(float[] ink, int width, Box box, int newWidth, int newHeight) {
    float[] scaled = new float[newWidth * newHeight];
    float stepX = (float) box.width() / newWidth;
    float stepY = (float) box.height() / newHeight;
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        float sum = 0;
        for (int row = (int) (y * stepY); row < (y + 1) * stepY && row < box.height(); row++) {
          float rowShare = overlap(row, y * stepY, stepY);
          for (int col = (int) (x * stepX); col < (x + 1) * stepX && col < box.width(); col++) {
            sum +=
                rowShare
                    * overlap(col, x * stepX, stepX)
                    * ink[(box.top() + row) * width + box.left() + col];
          }
        }
        scaled[y * newWidth + x] = sum / (stepX * stepY);
      }
    }
    return scaled;
  }

  /** How much of the pixel from {@code pixel} to {@code pixel + 1} lies in an interval. */
  private static float overlap(int pixel, float from, float length) {
    return Math.max(0, Math.min(pixel + 1, from + length) - Math.max(pixel, from));
  }

  /** Puts the digit on a black field with its centre of mass in the middle, as far as it fits. */
  private static byte[] centre(float[] digit, int width, int height) {
    double mass = 0;
    double massX = 0;
    double massY = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float ink = digit[y * width + x];
        mass += ink;
        massX += ink * (x + 0.5);
        massY += ink * (y + 0.5);
      }
    }
    int left = Math.clamp(Math.round(SIDE / 2.0 - massX / mass), 0, SIDE - width);
    int top = Math.clamp(Math.round(SIDE / 2.0 - massY / mass), 0, SIDE - height);
    byte[] field = new byte[SIDE * SIDE];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        field[(top + y) * SIDE + left + x] = (byte) Math.round(255 * digit[y * width + x]);
      }
    }
    return field;
  }
}
