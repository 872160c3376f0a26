package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Peer;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which libraries are compared, and on how many threads. */
final class LibraryOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAME",
      description =
          "Libraries to compare with: onnxruntime, onednn, djl-pytorch, nd4j, tensorflow, netlib."
              + " One that is not there is named and left out.")
  private List<String> peers = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that each library may use (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  /** Threads that each library may use; {@link #check} has found them sane. */
  int threads() {
    return threads;
  }

  /**
   * Refuses what cannot be.
   *
   * @throws ParameterException if there are no threads
   */
  void check() {
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads=" + threads + " must be at least 1");
    }
  }

  /**
   * Loads the libraries, and names on the error stream those that are left out.
   *
   * @throws ParameterException if there is no library of a name
   */
  Contenders contenders(Peer ours) {
    Contenders contenders;
    try {
      contenders = Contenders.of(ours, peers);
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage(), unknown);
    }
    contenders.absent().forEach((name, why) -> warn("%s is left out: %s".formatted(name, why)));
    return contenders;
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("lanewise: " + text);
  }
}
