package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Inference;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.models.Models;
import dev.lanewise.verify.check.Glob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code compare start}: how soon a fresh process has its first result, and what memory it took.
 */
@Command(
    name = "start",
    description = {
      "Times programs from the start of the JVM to their first result, each in a process of its"
          + " own: load a network's weights from a file, make it ready, run it once on one image."
          + " Lanewise reads safetensors, ONNX Runtime the ONNX model that Lanewise exports; it is"
          + " the only peer that can do this.",
      "The best of some runs counts: wall clock, processor time of all threads, and the most memory"
          + " that was resident at once (on Linux)."
    },
    footer = {
      "%nExamples:",
      "  lanewise compare start --peers onnxruntime --threads 2",
      "  lanewise compare start --peers onnxruntime --only '*' --runs 1"
    })
final class StartCommand implements Callable<Integer> {

  private static final double MEGABYTE = 1e6;

  @Spec private CommandSpec spec;

  @Mixin private LibraryOptions libraries;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "The models of the registry whose name matches (default: ${DEFAULT-VALUE}).")
  private String only = "resnet50";

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Processes of each library and model (default: ${DEFAULT-VALUE}).")
  private int runs = 3;

  @Override
  public Integer call() throws IOException {
    libraries.check();
    check(runs >= 1, "--runs=" + runs + " must be at least 1");
    List<String> models = Models.names().stream().filter(Glob.matching(only)).toList();
    check(!models.isEmpty(), "--only=" + only + " matches no model; `lanewise models` lists them");
    Contenders contenders = libraries.contenders(new LanewisePeer(Optional.empty()));
    PrintWriter out = spec.commandLine().getOut();
    int width = models.stream().mapToInt(String::length).max().orElse(0);
    String row = "%-" + width + "s  %-12s  %7s  %11s  %7s%n";
    out.printf(row, "model", "library", "seconds", "processor s", "peak MB");
    for (String model : models) {
      for (Peer peer : contenders.present()) {
        FirstResult best = best(peer, new Inference(model, 1, libraries.threads()));
        out.printf(
            row,
            model,
            peer.name(),
            text("%.2f", best.seconds()),
            text("%.2f", best.processorSeconds()),
            best.peakBytes() == 0 ? "" : text("%.0f", best.peakBytes() / MEGABYTE));
        // A row takes seconds: it is shown as soon as it is there.
        out.flush();
      }
    }
    return 0;
  }

  /** The least of each figure, of processes that read the same file. */
  private FirstResult best(Peer peer, Inference inference) throws IOException {
    Path file = Files.createTempFile("lanewise-start", ".model");
    try {
      peer.save(inference, file);
      FirstResult best = FirstResult.of(peer, inference, file);
      for (int run = 1; run < runs; run++) {
        best = best.least(FirstResult.of(peer, inference, file));
      }
      return best;
    } finally {
      Files.delete(file);
    }
  }

  private static String text(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }

  private void check(boolean condition, String rule) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }
}
