package dev.lanewise.verify;

import dev.lanewise.models.onnx.UnsupportedModelException;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Glob;
import dev.lanewise.verify.onnx.NodeTest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The command {@code verify onnx DIR}: runs a folder of ONNX's node tests through the kernels and
 * says which operators it lacks.
 */
public final class OnnxVerification {

  /**
   * What to run.
   *
   * @param folder with a folder for each test
   * @param only pattern of the tests' names
   */
  public record Options(Path folder, String only) {

    /** Validates the options. */
    public Options {
      Objects.requireNonNull(folder, "folder");
      Objects.requireNonNull(only, "only");
    }
  }

  private final Findings findings;
  private final Map<String, Integer> lacking = new TreeMap<>();

  private OnnxVerification(PrintStream out) {
    findings = new Findings(out);
  }

  /**
   * Runs the tests, prints a table by operator and what is lacking, and ends with {@code N passed,
   * N failed, N skipped}.
   *
   * @return the tally; its {@link Tally#exitStatusOfSome()} is the command's
   * @throws IllegalArgumentException if the folder does not exist
   * @throws IOException if the folder cannot be listed
   */
  public static Tally run(Options options, PrintStream out) throws IOException {
    var chosen = Glob.matching(options.only());
    List<Path> folders =
        NodeTest.folders(options.folder()).stream()
            .filter(path -> chosen.test(name(path)))
            .toList();
    if (folders.isEmpty()) {
      out.printf("no ONNX node test in %s matches '%s'%n", options.folder(), options.only());
    }
    OnnxVerification verification = new OnnxVerification(out);
    for (Path folder : Progress.over("onnx", folders)) {
      verification.check(folder);
    }
    if (!folders.isEmpty()) {
      verification.findings.printSummary();
    }
    verification.printLacking(out);
    Tally tally = verification.findings.tally();
    out.println(tally.withSkipped());
    return tally;
  }

  private static String name(Path folder) {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  private void check(Path folder) {
    NodeTest test;
    try {
      test = NodeTest.read(folder);
    } catch (UnsupportedModelException unsupported) {
      skip(NodeTest.operator(unsupported.operators()), unsupported.lacking());
      return;
    } catch (IOException damaged) {
      findings.check("damaged", name(folder), () -> Optional.of(damaged.getMessage()));
      return;
    }
    run(test, name(folder));
  }

  private void run(NodeTest test, String name) {
    Optional<String> fault;
    try {
      fault = test.fault();
    } catch (Unsupported unsupported) {
      skip(test.operator(), List.of(unsupported.what()));
      return;
    } catch (IOException | IllegalArgumentException broken) {
      fault = Optional.of(broken.getMessage());
    } catch (RuntimeException | LinkageError thrown) {
      fault = Optional.of(thrown.toString());
    }
    Optional<String> found = fault;
    findings.check(test.operator(), name, () -> found);
  }

  private void skip(String operator, List<String> missing) {
    findings.skip(operator);
    missing.forEach(what -> lacking.merge(what, 1, Integer::sum));
  }

  private void printLacking(PrintStream out) {
    if (!lacking.isEmpty()) {
      out.println(
          lacking.entrySet().stream()
              .map(entry -> "%s (%d)".formatted(entry.getKey(), entry.getValue()))
              .collect(Collectors.joining(", ", "lacking: ", "")));
    }
  }
}
