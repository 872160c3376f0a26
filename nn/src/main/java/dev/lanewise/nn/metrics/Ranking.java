package dev.lanewise.nn.metrics;

import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples sorted by a score that is to be high for the positive ones, and how well it tells them
 * from the negative ones. Samples of equal score count as one step: their order means nothing.
 */
public final class Ranking {

  /**
   * What a threshold comes to that takes all samples from some score on as positive.
   *
   * @param score the threshold
   * @param truePositives positive samples at or above it
   * @param falsePositives negative samples at or above it
   */
  public record Step(float score, int truePositives, int falsePositives) {

    /** Of those taken as positive, the fraction that is. */
    public double precision() {
      return (double) truePositives / (truePositives + falsePositives);
    }
  }

  private final List<Step> steps;
  private final int positives;
  private final int negatives;

  /**
   * Sorts samples.
   *
   * @throws IllegalArgumentException if there is not one score a sample, or one is not a number
   */
  public Ranking(float[] scores, boolean... positive) {
    Check.that(
        scores.length == positive.length,
        "each sample needs a score, there are %d of %d",
        scores.length,
        positive.length);
    for (float score : scores) {
      Check.that(!Float.isNaN(score), "a score is not a number");
    }
    List<Step> found = new ArrayList<>();
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .toList();
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < order.size(); i++) {
      int sample = order.get(i);
      right += positive[sample] ? 1 : 0;
      wrong += positive[sample] ? 0 : 1;
      boolean last = i + 1 == order.size() || scores[order.get(i + 1)] != scores[sample];
      if (last) {
        found.add(new Step(scores[sample], right, wrong));
      }
    }
    steps = List.copyOf(found);
    positives = right;
    negatives = wrong;
  }

  /** The thresholds, from the highest. */
  public List<Step> steps() {
    return steps;
  }

  /**
   * The area under the curve of true positives over false positives: the probability that a
   * positive sample has a higher score than a negative one, ties counting half.
   *
   * @throws IllegalStateException if there is no positive or no negative sample
   */
  public double rocAuc() {
    if (positives == 0 || negatives == 0) {
      throw new IllegalStateException(
          "the ROC curve needs samples of both kinds, there are %d positive and %d negative"
              .formatted(positives, negatives));
    }
    double area = 0;
    int right = 0;
    int wrong = 0;
    for (Step step : steps) {
      area += (step.falsePositives - wrong) * (step.truePositives + right) / 2.0;
      right = step.truePositives;
      wrong = step.falsePositives;
    }
    return area / positives / negatives;
  }

  /**
   * The mean of the precision over the positive samples, each at its own threshold.
   *
   * @throws IllegalStateException if there is no positive sample
   */
  public double averagePrecision() {
    if (positives == 0) {
      throw new IllegalStateException("the average precision needs a positive sample");
    }
    double sum = 0;
    int right = 0;
    for (Step step : steps) {
      sum += (step.truePositives - right) * step.precision();
      right = step.truePositives;
    }
    return sum / positives;
  }
}
