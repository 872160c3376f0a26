package dev.lanewise.tools;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.train.LogComparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanewise curves}: the logs of several trainings side by side. */
@Command(
    name = "curves",
    description = {
      "Compare trainings by the logs that `lanewise train --log DIR` wrote: a table, and a page"
          + " with all curves in the same plots."
    },
    footer = {
      "%nExamples:",
      "  lanewise curves transfer scratch --html curves.html",
      "  lanewise curves 'with features=run1' 'from scratch=run2' --html curves.html"
    })
final class Curves implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "[NAME=]DIR",
      description = "Folders with logs, by the names of the folders or by others.")
  private List<String> folders;

  @Option(names = "--html", paramLabel = "FILE", description = "Write the page.")
  private Path html;

  @Override
  public Integer call() throws IOException {
    LogComparison comparison = LogComparison.read(named());
    spec.commandLine().getOut().print(comparison.table());
    if (html != null) {
      byte[] page = comparison.page().getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(html, out -> out.write(page));
    }
    return 0;
  }

  private Map<String, Path> named() {
    Map<String, Path> named = new LinkedHashMap<>();
    for (String folder : folders) {
      int sign = folder.indexOf('=');
      Path path = Path.of(folder.substring(sign + 1));
      String name = sign > 0 ? folder.substring(0, sign) : path.toString();
      if (named.put(name, path) != null) {
        throw new ParameterException(
            spec.commandLine(), "two trainings are called '%s'".formatted(name));
      }
    }
    return named;
  }
}
