package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.train.StopOnShutdown;
import dev.lanewise.verify.LayerList;
import dev.lanewise.verify.check.Glob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code compare layers}: reads the options, has the rows made, and shows the report. */
@Command(
    name = "layers",
    description = {
      "Times the layer list: Lanewise and the peers take turns in one process, best of many runs,"
          + " with the peak of the multiply-add units probed in between.",
      "A row whose outputs differ is reported as failed."
    },
    footer = {"%nExample:", "  lanewise compare layers --peers onnxruntime,onednn --only '3x3*'"})
final class LayersCommand implements Callable<Integer> {

  private static final double MAX_SECONDS = 600;

  @Spec private CommandSpec spec;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAME",
      description = "Native libraries to compare with: onnxruntime, onednn.")
  private List<String> peers = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that each library may use (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      description =
          "Pins Lanewise's algorithm, such as direct or im2col (default: its plan chooses).")
  private String algorithm;

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

  @Override
  public Integer call() throws IOException {
    checkOptions();
    List<LayerList.Row> layers = layers();
    List<Peer> contenders = contenders();
    AtomicBoolean stop = new AtomicBoolean();
    // Ctrl-C ends the process when this block is left: what is there is shown before.
    try (StopOnShutdown _ = new StopOnShutdown(() -> stop.set(true))) {
      Report report = compare(layers, contenders, stop::get);
      show(report, contenders);
      if (stop.get()) {
        spec.commandLine().getErr().println("lanewise: interrupted; no report is written");
        return 1;
      }
      if (json != null) {
        ReportFile.write(report, json);
      }
      return report.failed() ? 1 : 0;
    }
  }

  private void checkOptions() {
    check(threads >= 1, "--threads=" + threads + " must be at least 1");
    check(
        seconds > 0 && seconds <= MAX_SECONDS,
        "--seconds=" + seconds + " must be above 0 and at most " + MAX_SECONDS);
    if (json != null) {
      ReportFile.objection(json)
          .ifPresent(
              text -> {
                throw mistake("--json=" + json + ": " + text);
              });
    }
  }

  private List<LayerList.Row> layers() {
    Predicate<String> matches = Glob.matching(only);
    List<LayerList.Row> all = LayerList.rows();
    List<LayerList.Row> chosen = all.stream().filter(row -> matches.test(row.name())).toList();
    check(
        !chosen.isEmpty(),
        "--only=%s matches no row; the rows are: %s"
            .formatted(
                only, all.stream().map(LayerList.Row::name).collect(Collectors.joining(", "))));
    return chosen;
  }

  /** Lanewise first, then the peers in the order asked for. */
  private List<Peer> contenders() {
    try {
      List<Peer> contenders = new ArrayList<>();
      contenders.add(new LanewisePeer(Optional.ofNullable(algorithm).map(Algorithm::of)));
      peers.stream().distinct().map(Peers::named).forEach(contenders::add);
      return contenders;
    } catch (IllegalArgumentException unknown) {
      throw mistake(unknown.getMessage());
    }
  }

  private Report compare(List<LayerList.Row> layers, List<Peer> contenders, BooleanSupplier stop) {
    Duration budget = Duration.ofNanos((long) (seconds * 1e9));
    List<ReportRow> rows = new ArrayList<>();
    try (Comparison comparison = new Comparison(contenders, threads, budget, stop)) {
      // An interrupted list is walked to its end, where the bar leaves the terminal in order.
      for (LayerList.Row layer : Progress.over("compare layers", layers)) {
        if (!stop.getAsBoolean()) {
          comparison.row(layer).ifPresent(rows::add);
        }
      }
      return new Report(command(), Report.Where.here(), threads, comparison.peak(), rows);
    }
  }

  private void show(Report report, List<Peer> contenders) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(ReportTable.text(report, contenders.stream().map(Peer::name).toList()));
    out.flush();
  }

  /** The command that was given, as a shell would take it apart again. */
  private String command() {
    List<String> words = new ArrayList<>(List.of("compare", "layers"));
    words.addAll(spec.commandLine().getParseResult().expandedArgs());
    return words.stream()
        .map(word -> word.matches("[\\w=,.:/@%+-]+") ? word : "'" + word + "'")
        .collect(Collectors.joining(" "));
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
