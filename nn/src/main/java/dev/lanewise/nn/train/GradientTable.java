package dev.lanewise.nn.train;

import dev.lanewise.nn.report.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The norms of gradients over a training as a table of a page: a row a weight, a column an epoch.
 */
final class GradientTable {

  /** Of more epochs than this some are shown, evenly apart, the first and the last among them. */
  private static final int MOST_EPOCHS = 12;

  private static final double LEAST = 1e-12;

  private GradientTable() {}

  /** The table; a weight without a gradient, such as a frozen one, has no row. */
  static String of(List<EpochRow> rows) {
    List<EpochRow> shown = some(rows);
    List<String> names =
        rows.getLast().gradients().keySet().stream().filter(n -> n.endsWith("weight")).toList();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (EpochRow row : shown) {
      for (String name : names) {
        low = Math.min(low, logarithm(row, name));
        high = Math.max(high, logarithm(row, name));
      }
    }
    StringBuilder html = new StringBuilder("<table><tr><th>weight \\ epoch</th>");
    shown.forEach(row -> html.append("<th>").append(row.epoch()).append("</th>"));
    html.append("</tr>\n");
    for (String name : names) {
      html.append("<tr><th>").append(Svg.escape(name)).append("</th>");
      for (EpochRow row : shown) {
        double part = high > low ? (logarithm(row, name) - low) / (high - low) : 0.5;
        html.append(
            String.format(
                Locale.ROOT,
                "<td style=\"background: rgba(0, 114, 178, %.2f)\">%.1e</td>",
                0.7 * part,
                row.gradients().get(name)));
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  private static double logarithm(EpochRow row, String name) {
    return Math.log10(Math.max(LEAST, row.gradients().get(name)));
  }

  private static List<EpochRow> some(List<EpochRow> rows) {
    int count = Math.min(rows.size(), MOST_EPOCHS);
    List<EpochRow> shown = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shown.add(rows.get(count == 1 ? 0 : (int) Math.round(i * (rows.size() - 1.0) / (count - 1))));
    }
    return shown;
  }
}
