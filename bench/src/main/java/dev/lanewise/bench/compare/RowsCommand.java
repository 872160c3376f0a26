package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.train.StopOnShutdown;
import dev.lanewise.verify.check.Glob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What the commands have in common that compare libraries on a list of rows: reads the options, has
 * the rows made, and shows the report.
 */
abstract class RowsCommand implements Callable<Integer> {

  private static final double MAX_SECONDS = 600;

  @Spec private CommandSpec spec;

  @Mixin private LibraryOptions libraries;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only the rows whose whole name matches: * is any text, ? any character.")
  private String only = "*";

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Time for each library on each row (default: ${DEFAULT-VALUE}).")
  private double seconds = 1.5;

  @Option(names = "--json", paramLabel = "FILE", description = "Also writes the report as JSON.")
  private Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also writes the report as a page with plots that needs no other file.")
  private Path html;

  /** The list, whole. */
  abstract List<Workload> rows();

  /** What the whole list is meant to reach. */
  abstract Targets targets();

  /**
   * Lanewise as it is to be compared.
   *
   * @throws IllegalArgumentException if an option is wrong
   */
  abstract Peer ours();

  @Override
  public final Integer call() throws IOException {
    checkOptions();
    List<Workload> rows = chosen();
    Contenders contenders = libraries.contenders(sane(this::ours));
    AtomicBoolean stop = new AtomicBoolean();
    // Ctrl-C ends the process when this block is left: what is there is shown before.
    try (StopOnShutdown _ = new StopOnShutdown(() -> stop.set(true))) {
      Report report = compare(rows, contenders, stop::get);
      show(report);
      if (stop.get()) {
        warn("interrupted; no report is written");
        return 1;
      }
      if (json != null) {
        ReportFile.json(report, json);
      }
      if (html != null) {
        ReportFile.text(ReportPage.of(report), html);
      }
      return report.failed() ? 1 : 0;
    }
  }

  private void checkOptions() {
    libraries.check();
    check(
        seconds > 0 && seconds <= MAX_SECONDS,
        "--seconds=" + seconds + " must be above 0 and at most " + MAX_SECONDS);
    checkFile("--json", json);
    checkFile("--html", html);
  }

  private void checkFile(String option, Path file) {
    if (file != null) {
      ReportFile.objection(file)
          .ifPresent(
              text -> {
                throw mistake(option + "=" + file + ": " + text);
              });
    }
  }

  private List<Workload> chosen() {
    Predicate<String> matches = Glob.matching(only);
    List<Workload> all = sane(this::rows);
    List<Workload> chosen = all.stream().filter(row -> matches.test(row.name())).toList();
    check(
        !chosen.isEmpty(),
        "--only=%s matches no row; the rows are: %s"
            .formatted(only, all.stream().map(Workload::name).collect(Collectors.joining(", "))));
    return chosen;
  }

  private Report compare(List<Workload> chosen, Contenders contenders, BooleanSupplier stop) {
    Targets targets = targets().against(contenders.names());
    Duration budget = Duration.ofNanos((long) (seconds * 1e9));
    List<ReportRow> rows = new ArrayList<>();
    try (Comparison comparison =
        new Comparison(contenders.present(), targets, libraries.threads(), budget, stop)) {
      // An interrupted list is walked to its end, where the bar leaves the terminal in order.
      for (Workload row : Progress.over("compare " + spec.name(), chosen)) {
        if (!stop.getAsBoolean()) {
          comparison.row(row).ifPresent(rows::add);
        }
      }
      boolean whole = rows.size() == rows().size();
      return new Report(
          command(),
          Report.Where.here(),
          libraries.threads(),
          comparison.peak(),
          comparison.memory(),
          contenders.names(),
          contenders.absent(),
          rows,
          Report.mean(rows, whole ? targets.mean() : null));
    }
  }

  private void show(Report report) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(ReportTable.text(report));
    out.flush();
  }

  private String command() {
    return Commands.text(spec);
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("lanewise: " + text);
  }

  private <T> T sane(Supplier<T> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException unknown) {
      throw mistake(unknown.getMessage());
    }
  }

  private void check(boolean condition, String rule) {
    if (!condition) {
      throw mistake(rule);
    }
  }

  private ParameterException mistake(String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
