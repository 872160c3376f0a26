package dev.lanewise.verify.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.verify.LayerList;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a main class of this module on the class path of another JVM and returns its output. */
final class ChildJvm {

  static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

  private static final int SECONDS = 120;

  private ChildJvm() {}

  static List<String> run(Class<?> main, List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(
        List.of("-cp", place(ConvPlan.class) + File.pathSeparator + place(LayerList.class)));
    command.add(main.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = read(process);
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), () -> String.join(" ", command) + "\n" + output);
    return output.lines().toList();
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The folder or jar that a class was loaded from. */
  private static Path place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
