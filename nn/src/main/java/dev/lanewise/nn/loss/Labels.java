package dev.lanewise.nn.loss;

import dev.lanewise.kernels.shape.Check;

/**
 * What each row of a batch is: of one class, or of two, where images were mixed.
 *
 * @param first a class for each row
 * @param second another for each row, which may be the same
 * @param share how much each row is of the first; the rest is of the second
 */
@SuppressWarnings("ArrayRecordComponent") // one batch's, passed on to the loss; never compared
public record Labels(int[] first, int[] second, float share) {

  /**
   * Validates the labels.
   *
   * @throws IllegalArgumentException if the arrays differ in length or the share lies outside 0 to
   *     1
   */
  public Labels {
    Check.that(
        first.length == second.length,
        "each row needs two labels, there are %d and %d",
        first.length,
        second.length);
    Check.that(share >= 0 && share <= 1, "a share must lie between 0 and 1, is %s", share);
  }

  /** One class a row. */
  public static Labels of(int... labels) {
    return new Labels(labels, labels, 1);
  }

  /** The number of rows. */
  public int rows() {
    return first.length;
  }

  /** Requires each label to be one of so many classes. */
  void check(int classes) {
    for (int[] labels : new int[][] {first, second}) {
      for (int label : labels) {
        Check.that(
            label >= 0 && label < classes, "label %d is not one of %d classes", label, classes);
      }
    }
  }
}
