package dev.lanewise.verify;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.Models;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.check.Glob;
import dev.lanewise.verify.golden.GoldenFile;
import dev.lanewise.verify.golden.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The command {@code verify golden DIR}: runs every golden file of a folder whose model exists and
 * counts the others as skipped.
 */
public final class GoldenVerification {

  /**
   * What to run.
   *
   * @param folder where the files lie
   * @param only pattern of the file names, with or without {@code .json}
   */
  public record Options(Path folder, String only) {

    /** Validates the options. */
    public Options {
      Objects.requireNonNull(folder, "folder");
      Objects.requireNonNull(only, "only");
    }

    /** All files of a folder. */
    public static Options of(Path folder) {
      return new Options(folder, "*");
    }
  }

  private static final String SUFFIX = ".json";

  private GoldenVerification() {}

  /**
   * Runs the files, prints a table and ends with {@code N passed, N failed, N skipped}.
   *
   * @return the tally; its {@link Tally#exitStatusOfSome()} is the command's
   * @throws IllegalArgumentException if the folder does not exist
   * @throws IOException if the folder cannot be listed
   */
  public static Tally run(Options options, PrintStream out) throws IOException {
    Table table = new Table().left("file", "result", "errors");
    List<String> faults = new ArrayList<>();
    Tally tally = Tally.NONE;
    List<Path> files = files(options);
    if (files.isEmpty()) {
      out.printf("no golden file in %s matches '%s'%n", options.folder(), options.only());
      return tally;
    }
    for (Path file : Progress.over("golden", files)) {
      Optional<Verdict> verdict = check(file);
      boolean failed = verdict.flatMap(Verdict::fault).isPresent();
      tally =
          tally.plus(
              verdict.isEmpty()
                  ? new Tally(0, 0, 1)
                  : new Tally(failed ? 0 : 1, failed ? 1 : 0, 0));
      table.row(
          file.getFileName(),
          verdict.isEmpty() ? "skipped" : failed ? "FAILED" : "passed",
          verdict.map(Verdict::figures).orElse("no such model yet"));
      verdict
          .flatMap(Verdict::fault)
          .ifPresent(fault -> faults.add("FAILED " + file.getFileName() + ": " + fault));
    }
    out.print(table);
    faults.forEach(out::println);
    out.println(tally.withSkipped());
    return tally;
  }

  private static List<Path> files(Options options) throws IOException {
    Check.that(Files.isDirectory(options.folder()), "%s is not a folder", options.folder());
    var chosen = Glob.matching(options.only());
    try (Stream<Path> files = Files.list(options.folder())) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .filter(
              file -> {
                String name = file.getFileName().toString();
                return chosen.test(name)
                    || chosen.test(name.substring(0, name.length() - SUFFIX.length()));
              })
          .sorted()
          .toList();
    }
  }

  /** The verdict, or nothing where the model does not exist. */
  private static Optional<Verdict> check(Path file) {
    try {
      GoldenFile golden = GoldenFile.read(file);
      return Models.names().contains(golden.model())
          ? Optional.of(golden.check())
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(new Verdict("", Optional.of(e.getMessage())));
    }
  }
}
