package dev.lanewise.nn.data;

import java.util.Arrays;

/**
 * Scales a rectangle of an image to another size: each new pixel is a mean of old ones, weighted by
 * a triangle that is as wide as a new pixel or, when enlarging, an old one. (Bilinear interpolation
 * where pixels become more, and no aliasing where they become fewer.)
 */
final class Resample {

  private Resample() {}

  /** Old pixels that a row or column of new pixels is made from, and how much each counts. */
  private static final class Weights {
    final int[] first;
    final float[][] weights;

    Weights(double start, double length, int oldLength, int newLength) {
      first = new int[newLength];
      weights = new float[newLength][];
      double scale = length / newLength;
      double reach = Math.max(1, scale);
      for (int i = 0; i < newLength; i++) {
        double centre = start + (i + 0.5) * scale - 0.5;
        int from = Math.clamp((int) Math.floor(centre - reach) + 1, 0, oldLength - 1);
        int to = Math.clamp((int) Math.ceil(centre + reach), from + 1, oldLength);
        first[i] = from;
        weights[i] = triangle(centre, reach, from, to);
      }
    }

    private static float[] triangle(double centre, double reach, int from, int to) {
      float[] weights = new float[to - from];
      double sum = 0;
      for (int i = from; i < to; i++) {
        weights[i - from] = (float) Math.max(1e-6, 1 - Math.abs(i - centre) / reach);
        sum += weights[i - from];
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (weights[i] / sum);
      }
      return weights;
    }
  }

  /** Scales the rectangle that begins at (top, left) to the whole image of a new size. */
  static void apply(
      Image image, double top, double left, double height, double width, int rows, int columns) {
    int oldHeight = image.height();
    scaleRows(image, new Weights(left, width, image.width(), columns), oldHeight, columns);
    scaleColumns(image, new Weights(top, height, oldHeight, rows), rows, columns);
  }

  private static void scaleRows(Image image, Weights across, int height, int columns) {
    int oldWidth = image.width();
    float[] old = image.replace(height, columns);
    float[] data = image.data();
    for (int row = 0; row < image.channels() * height; row++) {
      for (int x = 0; x < columns; x++) {
        float[] weights = across.weights[x];
        int from = row * oldWidth + across.first[x];
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * old[from + i];
        }
        data[row * columns + x] = sum;
      }
    }
  }

  private static void scaleColumns(Image image, Weights down, int rows, int columns) {
    int oldHeight = image.height();
    float[] old = image.replace(rows, columns);
    float[] data = image.data();
    for (int c = 0; c < image.channels(); c++) {
      for (int y = 0; y < rows; y++) {
        float[] weights = down.weights[y];
        int from = (c * oldHeight + down.first[y]) * columns;
        int to = (c * rows + y) * columns;
        Arrays.fill(data, to, to + columns, 0);
        for (int i = 0; i < weights.length; i++) {
          add(old, from + i * columns, weights[i], data, to, columns);
        }
      }
    }
  }

  private static void add(float[] row, int from, float weight, float[] sums, int to, int count) {
    for (int i = 0; i < count; i++) {
      sums[to + i] += weight * row[from + i];
    }
  }
}
