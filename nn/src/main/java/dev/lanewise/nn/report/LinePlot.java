package dev.lanewise.nn.report;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.report.Svg.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Curves over a common axis as a drawing for a page: figures of a training by epoch, for one. */
public final class LinePlot {

  private static final double WIDTH = 520;
  private static final double HEIGHT = 260;
  private static final double LEFT = 64;
  private static final double RIGHT = 16;
  private static final double TOP = 28;
  private static final double BOTTOM = 40;
  private static final int TICKS = 5;
  private static final String GRID = "#d9dee5";

  /** Below this a logarithmic axis ends. */
  private static final double LEAST = 1e-12;

  /** Okabe and Ito's colours, which people of any colour vision can tell apart. */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c8c8c");

  private record Curve(String name, List<Double> x, List<Double> y, String colour) {}

  private final String title;
  private final String axis;
  private final boolean logarithmic;
  private final List<Curve> curves = new ArrayList<>();

  /**
   * An empty plot.
   *
   * @param title stands above it
   * @param axis what the horizontal axis is
   * @param logarithmic whether equal steps of the vertical axis are equal factors
   */
  public LinePlot(String title, String axis, boolean logarithmic) {
    this.title = title;
    this.axis = axis;
    this.logarithmic = logarithmic;
  }

  /** The colour of the curve that is added at a place. */
  public static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  /**
   * Adds a curve; points that are not finite are left out.
   *
   * @throws IllegalArgumentException if there is not one y an x
   */
  public LinePlot add(String name, List<Double> x, List<Double> y) {
    return add(name, x, y, colour(curves.size()));
  }

  /** Adds a curve in a colour of its own. */
  public LinePlot add(String name, List<Double> x, List<Double> y, String colour) {
    Check.that(x.size() == y.size(), "%d values of x, %d of y", x.size(), y.size());
    curves.add(new Curve(name, List.copyOf(x), List.copyOf(y), colour));
    return this;
  }

  private double height(double y) {
    return logarithmic ? Math.log10(Math.max(LEAST, y)) : y;
  }

  /** The drawing as an element of a page. */
  public String element() {
    double[] x = range(curves.stream().flatMap(c -> c.x.stream()).toList());
    double[] y = range(curves.stream().flatMap(c -> c.y.stream()).map(this::height).toList());
    Svg svg = new Svg();
    svg.text(LEFT, 16, Anchor.START, "", title);
    grid(svg, x, y);
    for (Curve curve : curves) {
      List<double[]> points = new ArrayList<>();
      for (int i = 0; i < curve.x.size(); i++) {
        double value = height(curve.y.get(i));
        if (Double.isFinite(value)) {
          points.add(new double[] {across(curve.x.get(i), x), down(value, y)});
        }
      }
      if (points.size() == 1) {
        svg.dot(points.getFirst()[0], points.getFirst()[1], curve.colour, true, curve.name);
      }
      svg.curve(points, curve.colour, curve.name);
    }
    return svg.element(WIDTH, HEIGHT, title);
  }

  private void grid(Svg svg, double[] x, double[] y) {
    for (int i = 0; i < TICKS; i++) {
      double part = i / (TICKS - 1.0);
      double level = y[0] + part * (y[1] - y[0]);
      svg.line(LEFT, down(level, y), WIDTH - RIGHT, down(level, y), GRID, false);
      String label = number(logarithmic ? Math.pow(10, level) : level);
      svg.text(LEFT - 8, down(level, y) + 4, Anchor.END, "quiet", label);
      double place = x[0] + part * (x[1] - x[0]);
      svg.text(across(place, x), HEIGHT - BOTTOM + 18, Anchor.MIDDLE, "quiet", number(place));
    }
    svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, Anchor.MIDDLE, "quiet", axis);
  }

  private static double across(double x, double... range) {
    return LEFT + (x - range[0]) / (range[1] - range[0]) * (WIDTH - LEFT - RIGHT);
  }

  private static double down(double y, double... range) {
    return HEIGHT - BOTTOM - (y - range[0]) / (range[1] - range[0]) * (HEIGHT - TOP - BOTTOM);
  }

  /** The least and the greatest finite value, apart from each other. */
  private static double[] range(List<Double> values) {
    double low = values.stream().filter(Double::isFinite).mapToDouble(v -> v).min().orElse(0);
    double high = values.stream().filter(Double::isFinite).mapToDouble(v -> v).max().orElse(1);
    return high > low ? new double[] {low, high} : new double[] {low - 0.5, low + 0.5};
  }

  private static String number(double value) {
    double size = Math.abs(value);
    String pattern = size >= 100 ? "%.0f" : size >= 1 ? "%.2f" : size >= 0.01 ? "%.3f" : "%.1e";
    return value == 0 ? "0" : String.format(Locale.ROOT, pattern, value);
  }
}
