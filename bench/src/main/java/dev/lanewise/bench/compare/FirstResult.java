package dev.lanewise.bench.compare;

import com.sun.management.OperatingSystemMXBean;
import dev.lanewise.bench.peer.Inference;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a process took from its start to its first result.
 *
 * @param seconds wall clock, from before the process was made
 * @param processorSeconds of all its threads, compilers included
 * @param peakBytes the most memory that was resident at once; 0 where the system does not tell
 */
record FirstResult(double seconds, double processorSeconds, long peakBytes) {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final String MARK = "first result: ";

  /** The program that such a process runs: library, model, threads, file. */
  static final class Program {

    private Program() {}

    /** Reads the file, runs once, and prints what that took. */
    public static void main(String[] arguments) throws IOException {
      Peer peer = library(arguments[0]);
      Inference inference = new Inference(arguments[1], 1, Integer.parseInt(arguments[2]));
      float[] result = peer.start(inference, Path.of(arguments[3]));
      if (!Float.isFinite(result[0])) {
        throw new IllegalStateException("the first result is " + result[0]);
      }
      var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      System.out.println(MARK + system.getProcessCpuTime() + " " + peak());
    }
  }

  /**
   * A library of a name, Lanewise or another.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Peer library(String name) {
    Peer ours = new LanewisePeer(Optional.empty());
    return ours.name().equals(name)
        ? ours
        : Peers.named(name)
            .orElseThrow(() -> new IllegalArgumentException(name + ": " + Peers.LEFT_OUT));
  }

  private static long peak() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(PEAK))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** The smaller of each figure. */
  FirstResult least(FirstResult other) {
    return new FirstResult(
        Math.min(seconds, other.seconds),
        Math.min(processorSeconds, other.processorSeconds),
        Math.min(peakBytes, other.peakBytes));
  }

  /**
   * Starts a process with this one's class path and JVM flags, and waits for it.
   *
   * @throws IOException if it fails, with its last words
   */
  static FirstResult of(Peer peer, Inference inference, Path file) throws IOException {
    List<String> command =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream(),
                Stream.of(
                    Program.class.getName(),
                    peer.name(),
                    inference.model(),
                    Integer.toString(inference.threads()),
                    file.toString()))
            .flatMap(words -> words)
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Not on the command line, where a long one makes ONNX Runtime crash.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    long start = System.nanoTime();
    Process process = builder.start();
    String last = "it said nothing";
    try (var lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MARK)) {
          double seconds = (System.nanoTime() - start) * 1e-9;
          String[] numbers = line.substring(MARK.length()).split(" ", -1);
          return new FirstResult(
              seconds, Long.parseLong(numbers[0]) * 1e-9, Long.parseLong(numbers[1]));
        }
        // Of a stack trace its first line, not its last frame.
        last = line.startsWith("\tat ") ? last : line;
      }
    } finally {
      process.destroy();
    }
    throw new IOException(
        "%s gave no result of %s: %s".formatted(peer.name(), inference.model(), last));
  }
}
