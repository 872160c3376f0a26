package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.nn.report.Roofline;
import dev.lanewise.nn.report.Roofline.Dot;
import dev.lanewise.nn.report.Roofline.Entry;
import dev.lanewise.nn.report.Svg;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Shows a report as a page with plots that needs no other file: {@code report.html}, filled in. */
final class ReportPage {

  private static final String TEMPLATE = "report.html";
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  private final Report report;

  private ReportPage(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    return new ReportPage(report).page();
  }

  private String page() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", "Lanewise: " + title());
    parts.put("summary", summary());
    parts.put("facts", facts());
    parts.put("legend", legend());
    parts.put("bars", BarPlot.of(report));
    parts.put("roofline", roofline());
    parts.put("table", table());
    parts.put("notes", notes());
    // In one pass: what a part says is not filled in again.
    return PLACE
        .matcher(template())
        .replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1))));
  }

  private static String template() {
    try (InputStream in = ReportPage.class.getResourceAsStream(TEMPLATE)) {
      return new String(
          Objects.requireNonNull(in, TEMPLATE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command's first words: what was compared. */
  private String title() {
    return Svg.escape(report.command().lines().findFirst().orElse("").split(" -", 2)[0]);
  }

  private String summary() {
    Verdict mean = report.mean();
    if (mean == null) {
      return "%d rows, no peer.".formatted(report.rows().size());
    }
    String text =
        "%d rows; the geometric mean of the best peer's time over Lanewise's is <b class=\"%s\">%s</b>"
            .formatted(
                report.rows().size(),
                Palette.verdict(mean),
                ReportTable.number("%.3f", mean.ratio()));
    return mean.target() == null
        ? text + "."
        : text + " (target " + ReportTable.number("%.2f", mean.target()) + ").";
  }

  private String facts() {
    Report.Where machine = report.machine();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Command", "<code>tools/lanewise " + Svg.escape(report.command()) + "</code>");
    facts.put(
        "Processor",
        Svg.escape(
            "%s, %d cores for the JVM, %d float lanes"
                .formatted(machine.cpu(), machine.cores(), machine.lanes())));
    facts.put("Java", Svg.escape(machine.jvm()));
    facts.put("System", Svg.escape(machine.os()));
    facts.put("Threads", "%d".formatted(report.threads()));
    facts.put(
        "Probed meanwhile",
        ReportTable.number("%.1f GFLOP/s of multiply-adds, ", report.peakGflops())
            + ReportTable.number("%.1f GB/s copying memory on one thread", report.memoryGbs()));
    return facts.entrySet().stream()
        .map(fact -> "<dt>%s</dt><dd>%s</dd>".formatted(fact.getKey(), fact.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private String legend() {
    List<String> names = report.libraries();
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                "<span><i style=\"background:%s\"></i>%s</span>"
                    .formatted(Palette.library(i), Svg.escape(names.get(i))))
        .collect(Collectors.joining("\n"));
  }

  /** Ours on each row, and the best peer's. */
  private String roofline() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < report.rows().size(); i++) {
      ReportRow row = report.rows().get(i);
      Result ours = row.results().get(Report.OURS);
      if (ours != null) {
        Optional<Dot> rival =
            row.results().keySet().stream()
                .filter(library -> !library.equals(Report.OURS))
                .min(Comparator.comparingDouble(library -> row.results().get(library).ms()))
                .map(library -> dot(row, library));
        entries.add(new Entry(i + 1, row.name(), dot(row, Report.OURS), rival));
      }
    }
    return Roofline.of(report.peakGflops(), report.memoryGbs(), entries);
  }

  private Dot dot(ReportRow row, String library) {
    return new Dot(
        row.mflop() / row.megabytes(),
        row.gflops(row.results().get(library)),
        Palette.library(report.libraries().indexOf(library)),
        library);
  }

  private String table() {
    StringBuilder html = new StringBuilder("<table>\n<tr><th>row</th><th>MFLOP</th>");
    html.append("<th>algorithm</th>");
    for (String name : report.libraries()) {
      html.append("<th>").append(Svg.escape(name)).append(" ms</th><th>of peak</th>");
    }
    html.append("<th>ratio</th><th>target</th></tr>\n");
    report.rows().forEach(row -> html.append(tableRow(row)));
    return html.append("</table>").toString();
  }

  private String tableRow(ReportRow row) {
    StringBuilder html = new StringBuilder("<tr><td>").append(Svg.escape(row.name()));
    html.append("</td><td>").append(ReportTable.number("%.1f", row.mflop())).append("</td>");
    Result ours = row.results().get(Report.OURS);
    html.append(
        ours == null
            ? "<td class=\"text bad\">failed</td>"
            : "<td class=\"text\">" + Svg.escape(ours.algorithm()) + "</td>");
    for (String name : report.libraries()) {
      Result result = row.results().get(name);
      html.append(
          result == null
              ? "<td></td><td></td>"
              : "<td>%s</td><td>%s</td>"
                  .formatted(
                      ReportTable.number("%.4f", result.ms()),
                      ReportTable.number("%.3f", row.gflops(result) / report.peakGflops())));
    }
    return html.append(verdict(row.verdict())).append("</tr>\n").toString();
  }

  private static String verdict(Verdict verdict) {
    if (verdict == null) {
      return "<td></td><td></td>";
    }
    String target = verdict.target() == null ? "" : ReportTable.number("%.2f", verdict.target());
    return "<td class=\"%s\">%s</td><td>%s</td>"
        .formatted(Palette.verdict(verdict), ReportTable.number("%.3f", verdict.ratio()), target);
  }

  /** Who is missing, where and why. */
  private String notes() {
    List<String> lines = ReportTable.remarks(report);
    return lines.isEmpty()
        ? ""
        : lines.stream()
            .map(line -> "<li>" + Svg.escape(line) + "</li>")
            .collect(Collectors.joining("\n", "<h2>Left out</h2>\n<ul>\n", "\n</ul>"));
  }
}
