package dev.lanewise.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * The commands that the launcher starts from the room {@code bench} on the class path. They stand
 * here so that the help lists them.
 */
abstract class FromBench implements Callable<Integer> {

  /** Taken as they come: bench has options of its own. */
  @Unmatched private final List<String> arguments = new ArrayList<>();

  private final String name;

  FromBench(String name) {
    this.name = name;
  }

  @Override
  public Integer call() {
    arguments.addFirst(name);
    throw new IllegalArgumentException(
        "%s runs from the room bench; start it as `tools/lanewise %s`"
            .formatted(name, String.join(" ", arguments)));
  }

  @Command(
      name = "compare",
      description =
          "Measure Lanewise against other libraries: layers, networks in use and in training,"
              + " starts; runs from the room bench.",
      footer = {"%nExample:", "  lanewise compare layers --peers onnxruntime,onednn"})
  static final class Compare extends FromBench {
    Compare() {
      super("compare");
    }
  }

  @Command(
      name = "jmh",
      description = "Run the JMH suites that compare the algorithms; runs from the room bench.",
      footer = {"%nExample:", "  lanewise jmh -l"})
  static final class Jmh extends FromBench {
    Jmh() {
      super("jmh");
    }
  }
}
