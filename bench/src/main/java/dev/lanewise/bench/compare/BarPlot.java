package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.nn.report.Svg;
import dev.lanewise.nn.report.Svg.Anchor;
import java.util.List;
import java.util.Locale;

/** A group of bars a row, a bar a library, its length the rate; the peak is a dashed line. */
final class BarPlot {

  private static final double WIDTH = 1080;
  private static final double LEFT = 235;
  private static final double RIGHT = 930;
  private static final double TOP = 28;
  private static final double BAR = 9;
  private static final double GAP = 12;

  /** Room that a row takes even where few libraries run. */
  private static final double LOWEST_ROW = 18;

  private final Report report;
  private final double most;
  private final double rowHeight;

  private BarPlot(Report report) {
    this.report = report;
    most =
        report.rows().stream()
                .flatMapToDouble(row -> row.results().values().stream().mapToDouble(row::gflops))
                .reduce(report.peakGflops(), Math::max)
            * 1.02;
    rowHeight = Math.max(LOWEST_ROW, BAR * report.libraries().size());
  }

  static String of(Report report) {
    return new BarPlot(report).draw();
  }

  private String draw() {
    Svg svg = new Svg();
    double bottom = TOP + report.rows().size() * (rowHeight + GAP);
    for (double tick : ticks()) {
      svg.line(x(tick), TOP - 4, x(tick), bottom, Palette.GRID, false);
      svg.text(x(tick), TOP - 10, Anchor.MIDDLE, "quiet", ReportTable.number("%.0f", tick));
    }
    svg.text(LEFT - 12, TOP - 10, Anchor.END, "quiet", "GFLOP/s");
    double y = TOP + GAP / 2;
    for (int i = 0; i < report.rows().size(); i++) {
      row(svg, i, y);
      y += rowHeight + GAP;
    }
    double peak = x(report.peakGflops());
    svg.line(peak, TOP - 4, peak, bottom, Palette.ROOF, true);
    svg.text(peak, bottom + 16, Anchor.MIDDLE, "quiet", "peak");
    return svg.element(WIDTH, bottom + 24, "bars of GFLOP/s, a group a row");
  }

  private void row(Svg svg, int index, double top) {
    ReportRow row = report.rows().get(index);
    double middle = top + rowHeight / 2 + 4.5;
    svg.text(26, middle, Anchor.END, "quiet", "%d".formatted(index + 1));
    svg.text(36, middle, Anchor.START, "", row.name());
    if (row.failure() != null) {
      svg.text(LEFT, middle, Anchor.START, "bad", "failed");
      return;
    }
    List<String> libraries = report.libraries();
    double y = top + (rowHeight - BAR * libraries.size()) / 2;
    for (int i = 0; i < libraries.size(); i++, y += BAR) {
      Result result = row.results().get(libraries.get(i));
      if (result != null) {
        double rate = row.gflops(result);
        String hint =
            String.format(
                Locale.ROOT,
                "%s, %s: %.1f GFLOP/s, %.4f ms, %s",
                row.name(),
                libraries.get(i),
                rate,
                result.ms(),
                result.algorithm());
        svg.bar(LEFT, y, x(rate) - LEFT, BAR - 1, Palette.library(i), hint);
      }
    }
    if (row.verdict() != null) {
      verdict(svg, row.verdict(), middle);
    }
  }

  private static void verdict(Svg svg, Verdict verdict, double y) {
    String classes = Palette.verdict(verdict);
    svg.text(RIGHT + 55, y, Anchor.END, classes, ReportTable.number("%.2f", verdict.ratio()));
    if (verdict.target() != null) {
      svg.text(
          RIGHT + 65, y, Anchor.START, "quiet", ReportTable.number("of %.2f", verdict.target()));
    }
  }

  private double x(double rate) {
    return LEFT + (RIGHT - LEFT) * rate / most;
  }

  /** Five to ten round numbers. */
  private double[] ticks() {
    double step = Math.pow(10, Math.floor(Math.log10(most / 2)));
    if (most / step > 10) {
      step *= 2;
    } else if (most / step < 5) {
      step /= 2;
    }
    double[] ticks = new double[(int) (most / step) + 1];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = i * step;
    }
    return ticks;
  }
}
