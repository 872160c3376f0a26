package dev.lanewise.nn.metrics;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * How often each class was taken for each class, and the figures that follow from it.
 *
 * <p>Precision, recall and F1 of a class with nothing to divide by are 0; those of the whole are
 * the unweighted means over the classes ("macro"). Counted over all classes together ("micro") all
 * three are the accuracy, since a sample has one class and gets one answer.
 */
public final class ConfusionMatrix {

  private final List<String> classes;
  private final long[][] counts;

  /** An empty matrix over named classes. */
  public ConfusionMatrix(List<String> classes) {
    this.classes = List.copyOf(classes);
    counts = new long[classes.size()][classes.size()];
  }

  /**
   * Counts one answer.
   *
   * @param actual the right class
   * @param predicted the class that was answered
   * @throws IllegalArgumentException if one of them is not a class
   */
  public void add(int actual, int predicted) {
    check("actual", actual);
    check("predicted", predicted);
    counts[actual][predicted]++;
  }

  private void check(String name, int index) {
    Check.that(
        index >= 0 && index < counts.length,
        "%s class %d is not one of %d classes",
        name,
        index,
        counts.length);
  }

  /**
   * How often a class was taken for another, or for itself.
   *
   * @throws IllegalArgumentException if one of them is not a class
   */
  public long count(int actual, int predicted) {
    check("actual", actual);
    check("predicted", predicted);
    return counts[actual][predicted];
  }

  /** The names of the classes. */
  public List<String> classes() {
    return classes;
  }

  /** All answers. */
  public long total() {
    return sum(this::actual);
  }

  /** The right answers. */
  public long correct() {
    return sum(i -> counts[i][i]);
  }

  /** The fraction of right answers; 0 without any. */
  public double accuracy() {
    return ratio(correct(), total());
  }

  /** Of the answers that were this class, the fraction that was right. */
  public double precision(int index) {
    return ratio(counts[index][index], predicted(index));
  }

  /** Of the samples that are this class, the fraction that was found. */
  public double recall(int index) {
    return ratio(counts[index][index], actual(index));
  }

  /** The harmonic mean of precision and recall. */
  public double f1(int index) {
    return ratio(2 * counts[index][index], predicted(index) + actual(index));
  }

  /** The mean precision over the classes. */
  public double precision() {
    return mean(this::precision);
  }

  /** The mean recall over the classes. */
  public double recall() {
    return mean(this::recall);
  }

  /** The mean F1 over the classes. */
  public double f1() {
    return mean(this::f1);
  }

  /**
   * Intersection over union of a class: of the samples, such as pixels, that are it or were taken
   * for it, the fraction that is both.
   */
  public double iou(int index) {
    long both = counts[index][index];
    return ratio(both, actual(index) + predicted(index) - both);
  }

  /** The mean intersection over union of the classes that are there or were answered. */
  public double meanIou() {
    return IntStream.range(0, counts.length)
        .filter(i -> actual(i) + predicted(i) > 0)
        .mapToDouble(this::iou)
        .average()
        .orElse(0);
  }

  private long actual(int index) {
    return sum(i -> counts[index][i]);
  }

  private long predicted(int index) {
    return sum(i -> counts[i][index]);
  }

  private long sum(IntToLongFunction term) {
    return IntStream.range(0, counts.length).mapToLong(term).sum();
  }

  private double mean(IntToDoubleFunction figure) {
    return IntStream.range(0, counts.length).mapToDouble(figure).average().orElse(0);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** A row for each actual class: its counts, precision, recall and F1. */
  public Table table() {
    Table table = new Table().left("actual");
    classes.forEach(table::right);
    table.right("precision", "recall", "F1");
    for (int i = 0; i < counts.length; i++) {
      Object[] cells = new Object[counts.length + 4];
      cells[0] = classes.get(i);
      for (int j = 0; j < counts.length; j++) {
        cells[j + 1] = counts[i][j];
      }
      cells[counts.length + 1] = percent(precision(i));
      cells[counts.length + 2] = percent(recall(i));
      cells[counts.length + 3] = percent(f1(i));
      table.row(cells);
    }
    return table;
  }

  /** A fraction as reports show it: {@code 99.12 %}. */
  public static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
  }

  /** The figures of the whole in one line. */
  @Override
  public String toString() {
    return "accuracy %s, precision %s, recall %s, F1 %s"
        .formatted(percent(accuracy()), percent(precision()), percent(recall()), percent(f1()));
  }
}
