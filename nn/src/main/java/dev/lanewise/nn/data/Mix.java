package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.loss.Labels;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Mixes the images of a batch in pairs, and their labels in the same proportion; each image is
 * mixed with the one after it.
 */
public sealed interface Mix {

  /** The labels of a batch whose inputs are mixed in place. */
  Labels apply(
      float[] inputs, int[] labels, int channels, int height, int width, RandomGenerator random);

  /**
   * Adds up two images (mixup: Zhang, Cisse, Dauphin and Lopez-Paz, 2018).
   *
   * @param alpha the share of the first is drawn from Beta(alpha, alpha), above 0 and at most 2
   */
  record Up(double alpha) implements Mix {
    /** Validates the number. */
    public Up {
      checkAlpha(alpha);
    }

    @Override
    public Labels apply(
        float[] inputs, int[] labels, int channels, int height, int width, RandomGenerator random) {
      float share = (float) beta(alpha, random);
      int length = channels * height * width;
      float[] first = Arrays.copyOf(inputs, length);
      for (int n = 0; n < labels.length; n++) {
        boolean last = n == labels.length - 1;
        add(inputs, n * length, share, last ? first : inputs, last ? 0 : (n + 1) * length, length);
      }
      return new Labels(labels, next(labels), share);
    }

    private static void add(float[] to, int at, float share, float[] from, int start, int length) {
      for (int i = 0; i < length; i++) {
        to[at + i] = share * to[at + i] + (1 - share) * from[start + i];
      }
    }
  }

  /**
   * Puts a rectangle of one image into the other (CutMix: Yun, Han, Oh, Chun, Choe and Yoo, 2019).
   *
   * @param alpha the part left of the first is drawn from Beta(alpha, alpha), above 0 and at most 2
   */
  record Cut(double alpha) implements Mix {
    /** Validates the number. */
    public Cut {
      checkAlpha(alpha);
    }

    @Override
    public Labels apply(
        float[] inputs, int[] labels, int channels, int height, int width, RandomGenerator random) {
      double side = Math.sqrt(1 - beta(alpha, random));
      int middleY = random.nextInt(height);
      int middleX = random.nextInt(width);
      int top = Math.max(0, middleY - (int) (side * height / 2));
      int left = Math.max(0, middleX - (int) (side * width / 2));
      int bottom = Math.min(height, middleY + (int) (side * height / 2));
      int right = Math.min(width, middleX + (int) (side * width / 2));
      int length = channels * height * width;
      float[] first = Arrays.copyOf(inputs, length);
      for (int n = 0; n < labels.length; n++) {
        boolean last = n == labels.length - 1;
        float[] from = last ? first : inputs;
        int start = last ? 0 : (n + 1) * length;
        for (int c = 0; c < channels; c++) {
          for (int y = top; y < bottom; y++) {
            int row = (c * height + y) * width + left;
            System.arraycopy(from, start + row, inputs, n * length + row, right - left);
          }
        }
      }
      float area = (float) (bottom - top) * (right - left) / (height * width);
      return new Labels(labels, next(labels), 1 - area);
    }
  }

  private static int[] next(int... labels) {
    int[] next = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      next[i] = labels[(i + 1) % labels.length];
    }
    return next;
  }

  private static void checkAlpha(double alpha) {
    Check.that(alpha > 0 && alpha <= 2, "alpha must be above 0 and at most 2, is %s", alpha);
  }

  /** A number drawn from Beta(alpha, alpha), by Jöhnk's rejection. */
  private static double beta(double alpha, RandomGenerator random) {
    while (true) {
      double x = StrictMath.pow(random.nextDouble(), 1 / alpha);
      double y = StrictMath.pow(random.nextDouble(), 1 / alpha);
      if (x + y > 0 && x + y <= 1) {
        return x / (x + y);
      }
    }
  }
}
