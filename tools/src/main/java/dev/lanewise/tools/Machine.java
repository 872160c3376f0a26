package dev.lanewise.tools;

import dev.lanewise.kernels.simd.Lanes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the program runs on: the JVM, the processor and its lanes. */
final class Machine {

  private Machine() {}

  /** The JVM in a few words: {@code JDK 25.0.3+9 (Eclipse Adoptium)}. */
  static String jvm() {
    return "JDK %s (%s)".formatted(Runtime.version(), System.getProperty("java.vendor"));
  }

  /** Processors that the JVM, or its container, may use. */
  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** The lanes in a few words. */
  static String lanes() {
    return Lanes.vectorised()
        ? "%d lanes (%d bits)".formatted(Lanes.LANES, Lanes.LANES * Float.SIZE)
        : "no lanes: the scalar fallback";
  }

  /** The processor's own name where the system tells it, otherwise its architecture. */
  static String processor() {
    Path information = Path.of("/proc/cpuinfo");
    if (Files.isReadable(information)) {
      try (Stream<String> lines = Files.lines(information)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(architecture());
      } catch (IOException unreadable) {
        return architecture();
      }
    }
    return architecture();
  }

  private static String architecture() {
    return System.getProperty("os.arch");
  }
}
