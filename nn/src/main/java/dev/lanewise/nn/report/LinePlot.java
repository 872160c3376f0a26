package dev.lanewise.nn.report;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.report.Svg.Anchor;
import java.util.ArrayList;
import java.util.List;

/** Curves over a common axis as a drawing for a page: figures of a training by epoch, for one. */
public final class LinePlot {

  private static final double WIDTH = 520;
  private static final double HEIGHT = 260;
  private static final double LEFT = 64;
  private static final double RIGHT = 28;
  private static final double TOP = 28;
  private static final double BOTTOM = 40;
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

  /** What the colours of curves stand for, in the order in which they are added, for a page. */
  public static String legend(List<String> names) {
    StringBuilder html = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      html.append(
          "<span><i style=\"background:%s\"></i>%s</span>%n"
              .formatted(colour(i), Svg.escape(names.get(i))));
    }
    return html.toString();
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
    List<Double> places = curves.stream().flatMap(c -> c.x.stream()).toList();
    List<Double> heights = curves.stream().flatMap(c -> c.y.stream()).map(this::height).toList();
    PlotAxis x = PlotAxis.of(places);
    PlotAxis y = logarithmic ? PlotAxis.decades(heights) : PlotAxis.of(heights).widened();
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

  private void grid(Svg svg, PlotAxis x, PlotAxis y) {
    for (double level : y.ticks()) {
      svg.line(LEFT, down(level, y), WIDTH - RIGHT, down(level, y), GRID, false);
      String label = logarithmic ? PlotAxis.power(level) : y.label(level);
      svg.text(LEFT - 8, down(level, y) + 4, Anchor.END, "quiet", label);
    }
    for (double place : x.ticks()) {
      svg.text(across(place, x), HEIGHT - BOTTOM + 18, Anchor.MIDDLE, "quiet", x.label(place));
    }
    svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, Anchor.MIDDLE, "quiet", axis);
  }

  private static double across(double x, PlotAxis axis) {
    return LEFT + axis.part(x) * (WIDTH - LEFT - RIGHT);
  }

  private static double down(double y, PlotAxis axis) {
    return HEIGHT - BOTTOM - axis.part(y) * (HEIGHT - TOP - BOTTOM);
  }
}
