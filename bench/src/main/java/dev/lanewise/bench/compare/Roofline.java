package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.nn.report.Svg;
import dev.lanewise.nn.report.Svg.Anchor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Rates over arithmetic intensity, both in logarithms, under the roof that memory and the
 * multiply-add units make (Williams, Waterman, Patterson: "Roofline", 2009).
 */
final class Roofline {

  private static final double WIDTH = 1080;
  private static final double HEIGHT = 500;
  private static final double LEFT = 70;
  private static final double RIGHT = 1050;
  private static final double TOP = 20;
  private static final double BOTTOM = 450;

  /** Room of a row's number of two digits. */
  private static final double LABEL_WIDTH = 20;

  private static final double LABEL_HEIGHT = 13;

  private final Report report;
  private final List<double[]> labels = new ArrayList<>();

  /** Powers of two at the ends of the axes. */
  private final int firstX;

  private final int lastX;
  private final int firstY;
  private final int lastY;

  private Roofline(Report report) {
    this.report = report;
    double ridge = report.peakGflops() / report.memoryGbs();
    double[] intensities = report.rows().stream().mapToDouble(Roofline::intensity).toArray();
    firstX = exponent(Math.min(least(intensities), ridge), false);
    lastX = exponent(Math.max(most(intensities), ridge), true);
    double[] rates =
        report.rows().stream()
            .flatMapToDouble(row -> row.results().values().stream().mapToDouble(row::gflops))
            .toArray();
    firstY = exponent(Math.min(least(rates), report.memoryGbs() * Math.pow(2, firstX)), false);
    lastY = exponent(Math.max(most(rates), report.peakGflops()), true);
  }

  static String of(Report report) {
    return new Roofline(report).draw();
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

  /** Operations for each byte that operands and result take. */
  private static double intensity(ReportRow row) {
    return row.mflop() / row.megabytes();
  }

  private String draw() {
    Svg svg = new Svg();
    axes(svg);
    double ridge = report.peakGflops() / report.memoryGbs();
    double left = Math.pow(2, firstX);
    svg.line(
        x(left),
        y(left * report.memoryGbs()),
        x(ridge),
        y(report.peakGflops()),
        Palette.ROOF,
        true);
    svg.line(x(ridge), y(report.peakGflops()), RIGHT, y(report.peakGflops()), Palette.ROOF, true);
    svg.text(
        RIGHT,
        y(report.peakGflops()) - 7,
        Anchor.END,
        "quiet",
        ReportTable.number("%.0f GFLOP/s", report.peakGflops()));
    svg.text(
        x(left) + 12,
        y(left * report.memoryGbs()) + 12,
        Anchor.START,
        "quiet",
        ReportTable.number("%.1f GB/s", report.memoryGbs()));
    for (int i = 0; i < report.rows().size(); i++) {
      row(svg, i);
    }
    return svg.element(WIDTH, HEIGHT, "roofline: GFLOP/s over operations a byte");
  }

  private void axes(Svg svg) {
    for (int i = firstX; i <= lastX; i++) {
      double at = x(Math.pow(2, i));
      svg.line(at, TOP, at, BOTTOM, Palette.GRID, false);
      svg.text(at, BOTTOM + 18, Anchor.MIDDLE, "quiet", power(i));
    }
    for (int i = firstY; i <= lastY; i++) {
      double at = y(Math.pow(2, i));
      svg.line(LEFT, at, RIGHT, at, Palette.GRID, false);
      svg.text(LEFT - 8, at + 4, Anchor.END, "quiet", power(i));
    }
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 40, Anchor.MIDDLE, "quiet", "operations a byte");
    svg.text(LEFT, TOP - 7, Anchor.START, "quiet", "GFLOP/s");
  }

  private static String power(int exponent) {
    return exponent >= 0 ? "%d".formatted(1L << exponent) : "1/%d".formatted(1L << -exponent);
  }

  private void row(Svg svg, int index) {
    ReportRow row = report.rows().get(index);
    Result ours = row.results().get(Report.OURS);
    if (ours == null) {
      return;
    }
    double at = x(intensity(row));
    double rate = row.gflops(ours);
    bestPeer(row)
        .ifPresent(
            peer -> {
              double peerRate = row.gflops(peer.getValue());
              int library = report.libraries().indexOf(peer.getKey());
              svg.line(at, y(rate), at, y(peerRate), Palette.GRID, false);
              svg.dot(at, y(peerRate), Palette.library(library), false, hint(row, peer));
            });
    svg.dot(at, y(rate), Palette.library(0), true, hint(row, Map.entry(Report.OURS, ours)));
    double[] label = free(at + 8, y(rate) + 4);
    svg.text(label[0], label[1], Anchor.START, "", "%d".formatted(index + 1));
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

  private static Optional<Map.Entry<String, Result>> bestPeer(ReportRow row) {
    return row.results().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Report.OURS))
        .min(Comparator.comparingDouble(entry -> entry.getValue().ms()));
  }

  private static String hint(ReportRow row, Map.Entry<String, Result> result) {
    return String.format(
        Locale.ROOT,
        "%s, %s: %.1f GFLOP/s at %.1f operations a byte",
        row.name(),
        result.getKey(),
        row.gflops(result.getValue()),
        intensity(row));
  }

  private double x(double intensity) {
    return LEFT + (RIGHT - LEFT) * (Math.log(intensity) / Math.log(2) - firstX) / (lastX - firstX);
  }

  private double y(double rate) {
    return BOTTOM - (BOTTOM - TOP) * (Math.log(rate) / Math.log(2) - firstY) / (lastY - firstY);
  }
}
