package dev.lanewise.nn.metrics;

import dev.lanewise.kernels.shape.Check;
import java.util.stream.IntStream;

/**
 * Right and wrong answers where a sample may have several labels, or none: precision, recall and
 * F1, of all labels together ("micro") or as the mean over the labels ("macro"). A figure with
 * nothing to divide by is 0.
 */
public final class LabelCounts {

  private final long[] truePositives;
  private final long[] falsePositives;
  private final long[] falseNegatives;

  /** Counts nothing yet, for so many labels. */
  public LabelCounts(int labels) {
    Check.positive("labels", labels);
    truePositives = new long[labels];
    falsePositives = new long[labels];
    falseNegatives = new long[labels];
  }

  /**
   * Counts one sample.
   *
   * @param actual whether each label is right
   * @param predicted whether each label was answered
   * @throws IllegalArgumentException if one has another number of labels
   */
  public void add(boolean[] actual, boolean... predicted) {
    Check.that(
        actual.length == truePositives.length && predicted.length == truePositives.length,
        "a sample needs %d labels and answers, has %d and %d",
        truePositives.length,
        actual.length,
        predicted.length);
    for (int i = 0; i < actual.length; i++) {
      truePositives[i] += actual[i] && predicted[i] ? 1 : 0;
      falsePositives[i] += !actual[i] && predicted[i] ? 1 : 0;
      falseNegatives[i] += actual[i] && !predicted[i] ? 1 : 0;
    }
  }

  /**
   * Three figures.
   *
   * @param precision of the answers, the fraction that was right
   * @param recall of the right labels, the fraction that was answered
   * @param f1 their harmonic mean
   */
  public record Figures(double precision, double recall, double f1) {

    private static Figures of(long truePositives, long falsePositives, long falseNegatives) {
      return new Figures(
          ratio(truePositives, truePositives + falsePositives),
          ratio(truePositives, truePositives + falseNegatives),
          ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives));
    }

    private static double ratio(long part, long whole) {
      return whole == 0 ? 0 : (double) part / whole;
    }
  }

  /** The figures of one label. */
  public Figures of(int label) {
    return Figures.of(truePositives[label], falsePositives[label], falseNegatives[label]);
  }

  /** The figures of all labels counted together. */
  public Figures micro() {
    return Figures.of(
        IntStream.range(0, truePositives.length).mapToLong(i -> truePositives[i]).sum(),
        IntStream.range(0, truePositives.length).mapToLong(i -> falsePositives[i]).sum(),
        IntStream.range(0, truePositives.length).mapToLong(i -> falseNegatives[i]).sum());
  }

  /** The means of the figures of each label. */
  public Figures macro() {
    return new Figures(
        IntStream.range(0, truePositives.length).mapToDouble(i -> of(i).precision).sum()
            / truePositives.length,
        IntStream.range(0, truePositives.length).mapToDouble(i -> of(i).recall).sum()
            / truePositives.length,
        IntStream.range(0, truePositives.length).mapToDouble(i -> of(i).f1).sum()
            / truePositives.length);
  }
}
