package dev.lanewise.nn.loss;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;

/**
 * Softmax and cross-entropy in one: the mean over the batch of {@code -log softmax(scores)[label]}.
 *
 * <p>The gradient is {@code (softmax(scores) - onehot(label)) / n}. Exponentials and sums are in
 * double precision; rows are shifted by their maximum, so that nothing overflows.
 */
public final class CrossEntropy extends Operation {

  private final float[] probabilities;
  private final int[] labels;

  private CrossEntropy(Context context, Tensor scores, float[] probabilities, int... labels) {
    super(context, scores);
    this.probabilities = probabilities;
    this.labels = labels;
  }

  /**
   * The mean loss.
   *
   * @param scores {@code [n, classes]}, before any softmax
   * @param labels the n right classes
   * @throws IllegalArgumentException if there is not one label a row, or one is not a class
   */
  public static Tensor of(Tensor scores, int[] labels, Context context) {
    Check.that(
        scores.rank() == 2 && scores.layout() == Layout.NCHW,
        "cross-entropy needs row-major scores [n, classes], got %s",
        scores);
    int rows = scores.dim(0);
    int classes = scores.dim(1);
    Check.that(labels.length == rows, "%d labels for %d rows of scores", labels.length, rows);
    float[] probabilities = context.buffer(rows * classes);
    double loss = 0;
    for (int row = 0; row < rows; row++) {
      int label = labels[row];
      Check.that(
          label >= 0 && label < classes, "label %d is not one of %d classes", label, classes);
      loss += softmax(scores.data(), row * classes, classes, label, probabilities);
    }
    return new CrossEntropy(context, scores, probabilities, labels.clone())
        .output(Layout.NCHW, new float[] {(float) (loss / rows)});
  }

  /** Writes the probabilities of one row and returns the loss of its label. */
  private static double softmax(float[] scores, int start, int classes, int label, float[] out) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = start; i < start + classes; i++) {
      max = Math.max(max, scores[i]);
    }
    double sum = 0;
    for (int i = start; i < start + classes; i++) {
      sum += Math.exp(scores[i] - max);
    }
    for (int i = start; i < start + classes; i++) {
      out[i] = (float) (Math.exp(scores[i] - max) / sum);
    }
    return Math.log(sum) + max - scores[start + label];
  }

  /**
   * The softmax of each row of scores.
   *
   * @param scores {@code [n, classes]}, row-major
   */
  public static float[] probabilities(Tensor scores) {
    Check.that(scores.rank() == 2, "probabilities need scores [n, classes], got %s", scores);
    float[] values = scores.values();
    int classes = scores.dim(1);
    for (int start = 0; start < values.length; start += classes) {
      softmax(values, start, classes, 0, values);
    }
    return values;
  }

  @Override
  protected void backward(Tensor loss) {
    float scale = loss.grad()[0] / labels.length;
    int classes = probabilities.length / labels.length;
    gradient(
        0,
        dx -> {
          for (int i = 0; i < dx.length; i++) {
            dx[i] = probabilities[i] * scale;
          }
          for (int row = 0; row < labels.length; row++) {
            dx[row * classes + labels[row]] -= scale;
          }
        });
  }
}
