package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Inference;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.Models;
import dev.lanewise.verify.GoldenVerification;
import dev.lanewise.verify.Tally;
import dev.lanewise.verify.check.Glob;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify golden --peer}: the golden files, and every model against another library. */
@Command(
    name = "golden",
    description = {
      "Checks every model of the registry, on one image of its usual size: Lanewise's session"
          + " against another library on the same network, which ONNX Runtime gets as the ONNX"
          + " model that Lanewise exports. Before that, the golden files of a folder if one is"
          + " named."
    },
    footer = {"%nExample:", "  lanewise verify golden fixtures/models --peer onnxruntime"})
final class GoldenCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Folder with golden files (default: the models alone).")
  private Path folder;

  @Option(
      names = "--peer",
      required = true,
      paramLabel = "NAME",
      description = "The library, such as onnxruntime.")
  private String peer;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only files and models whose name matches (default: all).")
  private String only = "*";

  @Override
  public Integer call() throws IOException {
    Peer other =
        known().orElseThrow(() -> new IllegalArgumentException(peer + ": " + Peers.LEFT_OUT));
    other.load();
    List<String> names = Models.names().stream().filter(Glob.matching(only)).toList();
    Check.that(folder != null || !names.isEmpty(), "no model's name matches '%s'", only);
    Tally tally = Tally.NONE;
    if (folder != null) {
      tally = GoldenVerification.run(new GoldenVerification.Options(folder, only), System.out);
    }
    tally = tally.plus(agreement(other, names, System.out));
    System.out.println(tally.withSkipped());
    return tally.exitStatus();
  }

  private Optional<Peer> known() {
    try {
      return Peers.named(peer);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
    }
  }

  /**
   * Runs the models one after the other, for the largest take a gigabyte each, and tells of each as
   * it is done, for all of them take minutes.
   */
  static Tally agreement(Peer peer, List<String> names, PrintStream out) {
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    int failed = 0;
    for (String name : names) {
      long start = System.nanoTime();
      Optional<String> fault = objection(peer, new Inference(name, 1, 1));
      double seconds = (System.nanoTime() - start) * 1e-9;
      out.printf(
          "%-6s %-" + width + "s  %5.1f s%s%n",
          fault.isEmpty() ? "passed" : "FAILED",
          name,
          seconds,
          fault.map(what -> "  " + what).orElse(""));
      failed += fault.isEmpty() ? 0 : 1;
    }
    return new Tally(names.size() - failed, failed, 0);
  }

  private static Optional<String> objection(Peer peer, Inference inference) {
    try {
      float[] theirs = result(peer, inference);
      float[] ours = result(new LanewisePeer(Optional.empty()), inference);
      return Agreement.objection(theirs, ours, inference.tolerance());
    } catch (IllegalArgumentException cannot) {
      return Optional.of(cannot.getMessage());
    }
  }

  private static float[] result(Peer peer, Inference inference) {
    try (Peer.Prepared prepared = inference.on(peer)) {
      prepared.run();
      return prepared.result();
    }
  }
}
