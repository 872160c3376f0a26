package dev.lanewise.nn.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The range of a plot's axis and its ticks, which stand at round numbers (Heckbert 1990).
 *
 * @param low least value
 * @param high greatest value, above it
 * @param step from tick to tick: 1, 2, 2.5 or 5 times a power of ten
 */
record PlotAxis(double low, double high, double step) {

  private static final int TICKS = 5;

  /** What rounding may take from a tick at an end. */
  private static final double SLACK = 1e-9;

  /** An axis from the least to the greatest finite value; ticks of whole numbers are whole. */
  static PlotAxis of(List<Double> values) {
    double[] finite = values.stream().filter(Double::isFinite).mapToDouble(v -> v).toArray();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    boolean whole = true;
    for (double value : finite) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      whole &= value == Math.rint(value);
    }
    if (finite.length == 0) {
      return new PlotAxis(0, 1, 0.25);
    }
    if (low == high) {
      double margin = low == 0 || whole ? 0.5 : Math.abs(low) / 2;
      low -= margin;
      high += margin;
    }
    double step = round((high - low) / (TICKS - 1));
    return new PlotAxis(low, high, whole ? Math.max(1, Math.ceil(step)) : step);
  }

  /** An axis of decimal logarithms: whole decades, with a tick at each or at some. */
  static PlotAxis decades(List<Double> logarithms) {
    PlotAxis plain = of(logarithms);
    double low = Math.floor(plain.low + SLACK);
    double high = Math.max(low + 1, Math.ceil(plain.high - SLACK));
    return new PlotAxis(low, high, Math.ceil((high - low) / TICKS));
  }

  /** The next round number that is not below a step. */
  private static double round(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (step <= factor * power * (1 + SLACK)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** This axis from tick to tick. */
  PlotAxis widened() {
    double first = Math.floor(low / step + SLACK) * step;
    double last = Math.ceil(high / step - SLACK) * step;
    return new PlotAxis(first, last, step);
  }

  /** Where the ticks stand. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long last = (long) Math.floor(high / step + SLACK);
    for (long i = (long) Math.ceil(low / step - SLACK); i <= last; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** Where a value lies, from 0 to 1. */
  double part(double value) {
    return (value - low) / (high - low);
  }

  /** A tick with as many decimals as the step has. */
  String label(double tick) {
    double size = Math.max(Math.abs(low), Math.abs(high));
    if (tick != 0 && (step < 1e-4 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.1e", tick);
    }
    int decimals = 0;
    double scaled = step;
    while (decimals < 6 && Math.abs(scaled - Math.rint(scaled)) > 1e-6 * scaled) {
      scaled *= 10;
      decimals++;
    }
    return String.format(Locale.ROOT, "%." + decimals + "f", tick == 0 ? 0 : tick);
  }

  /** A power of ten. */
  static String power(double exponent) {
    boolean plain = Math.abs(exponent) <= 3;
    return plain
        ? String.format(
            Locale.ROOT, "%." + (int) Math.max(0, -exponent) + "f", Math.pow(10, exponent))
        : String.format(Locale.ROOT, "1e%.0f", exponent);
  }
}
