package dev.lanewise.nn.metrics;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;

/** How often the right class is among the k with the highest scores. */
public final class TopK {

  private TopK() {}

  /**
   * The fraction of rows; of equal scores, the class with the lower number stands first.
   *
   * @param scores {@code [n, classes]}, row-major
   * @param labels the n right classes
   * @throws IllegalArgumentException if shapes or labels do not fit, or k is below 1
   */
  public static double accuracy(Tensor scores, int[] labels, int k) {
    Check.positive("k", k);
    Check.that(
        scores.rank() == 2 && scores.layout() == Layout.NCHW && scores.dim(0) == labels.length,
        "top-k needs row-major scores [%d, classes], got %s",
        labels.length,
        scores);
    int classes = scores.dim(1);
    int hits = 0;
    for (int row = 0; row < labels.length; row++) {
      Check.that(
          labels[row] >= 0 && labels[row] < classes,
          "label %d is not one of %d classes",
          labels[row],
          classes);
      hits += rank(scores.data(), row * classes, classes, labels[row]) < k ? 1 : 0;
    }
    return (double) hits / labels.length;
  }

  /** How many classes of a row stand before one. */
  private static int rank(float[] scores, int start, int classes, int label) {
    float own = scores[start + label];
    int before = 0;
    for (int i = 0; i < classes; i++) {
      float score = scores[start + i];
      before += score > own || (score == own && i < label) ? 1 : 0;
    }
    return before;
  }
}
