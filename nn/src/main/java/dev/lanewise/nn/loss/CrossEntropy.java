package dev.lanewise.nn.loss;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Tensor;
import java.util.List;

/**
 * Softmax and cross-entropy in one: the mean over the batch of {@code -log softmax(scores)[label]}.
 *
 * <p>In general, with p the softmax of a row and q the weight of each class in it, the loss of a
 * row is {@code sum q_j (1 - p_j)^focus (-log p_j)}, and the loss of a batch is the sum over its
 * rows divided by that of the class weights of their labels. Exponentials and sums are in double
 * precision; rows are shifted by their maximum, so that nothing overflows.
 */
public final class CrossEntropy extends Operation {

  /**
   * Variants of the loss; {@link #PLAIN} is the usual one.
   *
   * @param smoothing how much of each label is spread evenly over all classes (Szegedy, Vanhoucke,
   *     Ioffe, Shlens and Wojna, 2016), at least 0 and below 1
   * @param classWeights a weight for each class, or none for equal ones
   * @param focus how little rows count that are right already: the gamma of the focal loss (Lin,
   *     Goyal, Girshick, He and Dollar, 2017), 0 for plain cross-entropy
   */
  public record Settings(float smoothing, List<Float> classWeights, float focus)
      implements ClassLoss {

    /** Plain cross-entropy. */
    public static final Settings PLAIN = new Settings(0, List.of(), 0);

    /**
     * Validates the settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Settings {
      Check.that(
          smoothing >= 0 && smoothing < 1,
          "label smoothing must be at least 0 and below 1, is %s",
          smoothing);
      Check.that(
          focus >= 0 && focus < Float.POSITIVE_INFINITY,
          "the focus must be finite and not negative, is %s",
          focus);
      classWeights = List.copyOf(classWeights);
      for (float weight : classWeights) {
        Check.that(
            weight > 0 && weight < Float.POSITIVE_INFINITY,
            "a class weight must be finite and above 0, is %s",
            weight);
      }
    }

    /** These with labels smoothed. */
    public Settings smoothing(float value) {
      return new Settings(value, classWeights, focus);
    }

    /** These with a weight for each class. */
    public Settings classWeights(List<Float> weights) {
      return new Settings(smoothing, weights, focus);
    }

    /** These with another focus. */
    public Settings focus(float value) {
      return new Settings(smoothing, classWeights, value);
    }

    @Override
    public Tensor of(Tensor scores, Labels labels, Context context) {
      return CrossEntropy.of(scores, labels, this, context);
    }

    private float weight(int label) {
      return classWeights.isEmpty() ? 1 : classWeights.get(label);
    }
  }

  private final int classes;
  private final float focus;
  private final float[] probabilities;
  private final float[] targets;
  private final double total;

  private CrossEntropy(
      Context context,
      Tensor scores,
      float focus,
      float[] probabilities,
      float[] targets,
      double total) {
    super(context, scores);
    classes = scores.dim(1);
    this.focus = focus;
    this.probabilities = save(probabilities);
    this.targets = save(targets);
    this.total = total;
  }

  /**
   * The mean of the plain loss.
   *
   * @param scores {@code [n, classes]}, before any softmax
   * @param labels the n right classes
   * @throws IllegalArgumentException if there is not one label a row, or one is not a class
   */
  public static Tensor of(Tensor scores, int[] labels, Context context) {
    return of(scores, Labels.of(labels), Settings.PLAIN, context);
  }

  private static Tensor of(Tensor scores, Labels labels, Settings settings, Context context) {
    Check.that(
        scores.rank() == 2 && scores.layout() == Layout.NCHW,
        "cross-entropy needs row-major scores [n, classes], got %s",
        scores);
    int rows = scores.dim(0);
    int classes = scores.dim(1);
    Check.that(labels.rows() == rows, "%d labels for %d rows of scores", labels.rows(), rows);
    labels.check(classes);
    int weights = settings.classWeights.size();
    Check.that(
        weights == 0 || weights == classes, "%d class weights for %d classes", weights, classes);
    float[] probabilities = context.buffer(rows * classes);
    float[] targets = context.buffer(rows * classes);
    double total = 0;
    double loss = 0;
    for (int row = 0; row < rows; row++) {
      int start = row * classes;
      total += target(labels, row, settings, targets, start, classes);
      double logSum = softmax(scores.data(), start, classes, probabilities);
      for (int i = start; i < start + classes; i++) {
        if (targets[i] != 0) {
          double surprise = logSum - scores.data()[i];
          loss += targets[i] * unfocused(settings.focus, surprise) * surprise;
        }
      }
    }
    return new CrossEntropy(context, scores, settings.focus, probabilities, targets, total)
        .output(Layout.NCHW, new float[] {(float) (loss / total)});
  }

  /** Writes the weight of each class in a row and returns the row's weight in the mean. */
  private static double target(
      Labels labels, int row, Settings settings, float[] targets, int start, int classes) {
    float spread = settings.smoothing / classes;
    float kept = 1 - settings.smoothing;
    int first = labels.first()[row];
    int second = labels.second()[row];
    for (int i = 0; i < classes; i++) {
      targets[start + i] = spread * settings.weight(i);
    }
    targets[start + first] += kept * labels.share() * settings.weight(first);
    targets[start + second] += kept * (1 - labels.share()) * settings.weight(second);
    return labels.share() * settings.weight(first) + (1 - labels.share()) * settings.weight(second);
  }

  /** {@code (1 - p)^focus} for {@code -log p}. */
  private static double unfocused(double focus, double surprise) {
    return focus == 0 ? 1 : Math.pow(-Math.expm1(-surprise), focus);
  }

  /** Writes the probabilities of one row and returns the logarithm of the sum of exponentials. */
  private static double softmax(float[] scores, int start, int classes, float[] out) {
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
    return Math.log(sum) + max;
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
      softmax(values, start, classes, values);
    }
    return values;
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected void backward(Tensor loss) {
    float scale = (float) (loss.grad()[0] / total);
    gradient(
        0,
        dx -> {
          for (int start = 0; start < dx.length; start += classes) {
            if (focus == 0) {
              plainGradient(dx, start, scale);
            } else {
              focusedGradient(dx, start, scale);
            }
          }
        });
  }

  /** {@code p_k sum(q) - q_k}. */
  private void plainGradient(float[] dx, int start, float scale) {
    float sum = 0;
    for (int i = start; i < start + classes; i++) {
      sum += targets[i];
    }
    for (int i = start; i < start + classes; i++) {
      dx[i] = probabilities[i] * (sum * scale) - targets[i] * scale;
    }
  }

  /** {@code q_k h_k - p_k sum(q h)}, where h is p times the derivative of a class's term by p. */
  private void focusedGradient(float[] dx, int start, float scale) {
    double sum = 0;
    for (int i = start; i < start + classes; i++) {
      double p = probabilities[i];
      double slope = 0;
      if (targets[i] != 0 && p < 1) {
        double log = Math.log(Math.max(p, Float.MIN_VALUE));
        slope = Math.pow(1 - p, focus - 1) * (focus * p * log - (1 - p));
      }
      dx[i] = (float) (targets[i] * slope);
      sum += dx[i];
    }
    for (int i = start; i < start + classes; i++) {
      dx[i] = (float) ((dx[i] - probabilities[i] * sum) * scale);
    }
  }
}
