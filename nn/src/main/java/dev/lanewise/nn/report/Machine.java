package dev.lanewise.nn.report;

import dev.lanewise.kernels.simd.Lanes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the program runs on, in a few words each: the JVM, the system, the processor. */
public final class Machine {

  private Machine() {}

  /** The JVM: {@code JDK 25.0.3+9 (Eclipse Adoptium)}. */
  public static String jvm() {
    return "JDK %s (%s)".formatted(Runtime.version(), System.getProperty("java.vendor"));
  }

  /** The operating system and its version: {@code Linux 6.18.4 amd64}. */
  public static String system() {
    return "%s %s %s"
        .formatted(System.getProperty("os.name"), System.getProperty("os.version"), architecture());
  }

  /** Processors that the JVM, or its container, may use. */
  public static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** The lanes: {@code 16 lanes (512 bits)}. */
  public static String lanes() {
    return Lanes.vectorised()
        ? "%d lanes (%d bits)".formatted(Lanes.LANES, Lanes.LANES * Float.SIZE)
        : "no lanes: the scalar fallback";
  }

  /** The processor's own name where the system tells it, otherwise its architecture. */
  public static String processor() {
    Path information = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(information)) {
      return architecture();
    }
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

  private static String architecture() {
    return System.getProperty("os.arch");
  }
}
