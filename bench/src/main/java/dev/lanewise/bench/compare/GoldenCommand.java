package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Inference;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.Models;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.GoldenVerification;
import dev.lanewise.verify.Tally;
import dev.lanewise.verify.check.Glob;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
        Peers.named(peer)
            .orElseThrow(() -> new IllegalArgumentException(peer + ": " + Peers.LEFT_OUT));
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

  /** Runs the models one after the other: the largest take a gigabyte each. */
  static Tally agreement(Peer peer, List<String> names, PrintStream out) {
    Table table = new Table().left("model", "result");
    List<String> faults = new ArrayList<>();
    for (String name : Progress.over(peer.name(), names)) {
      Optional<String> fault = objection(peer, new Inference(name, 1, 1));
      table.row(name, fault.isEmpty() ? "passed" : "FAILED");
      fault.ifPresent(what -> faults.add("FAILED %s: %s".formatted(name, what)));
    }
    out.print(table);
    faults.forEach(out::println);
    return new Tally(names.size() - faults.size(), faults.size(), 0);
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
