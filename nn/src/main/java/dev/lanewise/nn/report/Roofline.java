package dev.lanewise.nn.report;

import dev.lanewise.nn.report.Svg.Anchor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rates over arithmetic intensity, both in logarithms, under the roof that memory and the
 * multiply-add units make (Williams, Waterman, Patterson: "Roofline", 2009).
 */
public final class Roofline {

  private static final double WIDTH = 1080;
  private static final double HEIGHT = 500;
  private static final double LEFT = 70;
  private static final double RIGHT = 1050;
  private static final double TOP = 20;
  private static final double BOTTOM = 450;

  /** Room of a row's number of two digits. */
  private static final double LABEL_WIDTH = 20;

  private static final double LABEL_HEIGHT = 13;

  private static final String GRID = "#d9dee5";
  private static final String ROOF = "#5a6675";

  /**
   * A rate that was measured.
   *
   * @param intensity operations for each byte that operands and result take
   * @param rate in GFLOP/s
   * @param colour of the dot
   * @param who reached it
   */
  public record Dot(double intensity, double rate, String colour, String who) {}

  /**
   * What was measured of one problem.
   *
   * @param number that stands beside the dot
   * @param name of the problem
   * @param dot drawn full
   * @param rival drawn hollow, with a line to the first
   */
  public record Entry(int number, String name, Dot dot, Optional<Dot> rival) {}

  private final double peakGflops;
  private final double memoryGbs;
  private final List<Entry> entries;
  private final List<double[]> labels = new ArrayList<>();

  /** Powers of two at the ends of the axes. */
  private final int firstX;

  private final int lastX;
  private final int firstY;
  private final int lastY;

  private Roofline(double peakGflops, double memoryGbs, List<Entry> entries) {
    this.peakGflops = peakGflops;
    this.memoryGbs = memoryGbs;
    this.entries = entries;
    List<Dot> dots =
        entries.stream().flatMap(e -> Stream.concat(Stream.of(e.dot), e.rival.stream())).toList();
    double ridge = peakGflops / memoryGbs;
    double[] intensities = dots.stream().mapToDouble(Dot::intensity).toArray();
    firstX = exponent(Math.min(least(intensities), ridge), false);
    lastX = exponent(Math.max(most(intensities), ridge), true);
    double[] rates = dots.stream().mapToDouble(Dot::rate).toArray();
    firstY = exponent(Math.min(least(rates), memoryGbs * Math.pow(2, firstX)), false);
    lastY = exponent(Math.max(most(rates), peakGflops), true);
  }

  /**
   * The drawing.
   *
   * @param peakGflops the flat part of the roof
   * @param memoryGbs its slope, GB/s
   * @param entries what stands under it; rates and intensities above zero
   */
  public static String of(double peakGflops, double memoryGbs, List<Entry> entries) {
    return new Roofline(peakGflops, memoryGbs, List.copyOf(entries)).draw();
  }

  private static double least(double... values) {
    return Arrays.stream(values).min().orElse(1);
  }

  private static double most(double... values) {
    return Arrays.stream(values).max().orElse(1);
  }

  private static int exponent(double value, boolean up) {
    double exponent = Math.log(value) / Math.log(2);
    return (int) (up ? Math.ceil(exponent) : Math.floor(exponent));
  }

  private String draw() {
    Svg svg = new Svg();
    axes(svg);
    double ridge = peakGflops / memoryGbs;
    double left = Math.pow(2, firstX);
    svg.line(x(left), y(left * memoryGbs), x(ridge), y(peakGflops), ROOF, true);
    svg.line(x(ridge), y(peakGflops), RIGHT, y(peakGflops), ROOF, true);
    svg.text(
        RIGHT,
        y(peakGflops) - 7,
        Anchor.END,
        "quiet",
        String.format(Locale.ROOT, "%.0f GFLOP/s", peakGflops));
    svg.text(
        x(left) + 12,
        y(left * memoryGbs) + 12,
        Anchor.START,
        "quiet",
        String.format(Locale.ROOT, "%.1f GB/s", memoryGbs));
    entries.forEach(entry -> add(svg, entry));
    return svg.element(WIDTH, HEIGHT, "roofline: GFLOP/s over operations a byte");
  }

  private void axes(Svg svg) {
    for (int i = firstX; i <= lastX; i++) {
      double at = x(Math.pow(2, i));
      svg.line(at, TOP, at, BOTTOM, GRID, false);
      svg.text(at, BOTTOM + 18, Anchor.MIDDLE, "quiet", power(i));
    }
    for (int i = firstY; i <= lastY; i++) {
      double at = y(Math.pow(2, i));
      svg.line(LEFT, at, RIGHT, at, GRID, false);
      svg.text(LEFT - 8, at + 4, Anchor.END, "quiet", power(i));
    }
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 40, Anchor.MIDDLE, "quiet", "operations a byte");
    svg.text(LEFT, TOP - 7, Anchor.START, "quiet", "GFLOP/s");
  }

  private static String power(int exponent) {
    return exponent >= 0 ? "%d".formatted(1L << exponent) : "1/%d".formatted(1L << -exponent);
  }

  private void add(Svg svg, Entry entry) {
    double at = x(entry.dot.intensity);
    double top = y(entry.dot.rate);
    entry.rival.ifPresent(
        rival -> {
          svg.line(at, top, x(rival.intensity), y(rival.rate), GRID, false);
          svg.dot(x(rival.intensity), y(rival.rate), rival.colour, false, hint(entry, rival));
        });
    svg.dot(at, top, entry.dot.colour, true, hint(entry, entry.dot));
    double[] label = free(at + 8, top + 4);
    svg.text(label[0], label[1], Anchor.START, "", "%d".formatted(entry.number));
  }

  /** A place for a label near the one wanted that covers no other label. */
  private double[] free(double x, double y) {
    double[] place = {x, y};
    for (int step = 1; labels.stream().anyMatch(other -> overlaps(other, place)); step++) {
      // Below, above, further below, further above.
      int rows = (step + 1) / 2;
      place[1] = y + (step % 2 == 0 ? -rows : rows) * LABEL_HEIGHT;
    }
    labels.add(place);
    return place;
  }

  private static boolean overlaps(double[] label, double[] other) {
    return Math.abs(label[0] - other[0]) < LABEL_WIDTH
        && Math.abs(label[1] - other[1]) < LABEL_HEIGHT;
  }

  private static String hint(Entry entry, Dot dot) {
    return String.format(
        Locale.ROOT,
        "%s, %s: %.1f GFLOP/s at %.1f operations a byte",
        entry.name,
        dot.who,
        dot.rate,
        dot.intensity);
  }

  private double x(double intensity) {
    return LEFT + (RIGHT - LEFT) * (Math.log(intensity) / Math.log(2) - firstX) / (lastX - firstX);
  }

  private double y(double rate) {
    return BOTTOM - (BOTTOM - TOP) * (Math.log(rate) / Math.log(2) - firstY) / (lastY - firstY);
  }
}
