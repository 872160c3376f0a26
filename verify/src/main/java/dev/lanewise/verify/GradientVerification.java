package dev.lanewise.verify;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.operation.Cases;
import dev.lanewise.verify.operation.OperationCase;
import dev.lanewise.verify.operation.OperationChecks;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.IntStream;

/** The command {@code verify gradients}: every operation of {@code nn} and every loss. */
public final class GradientVerification {

  /**
   * What to check.
   *
   * @param seed of the data
   * @param rounds how often, with other data each time
   * @param every 1 for all cases, n for one in n of them
   */
  public record Options(long seed, int rounds, int every) {

    /** Validates the options. */
    public Options {
      Check.positive("rounds", rounds);
      Check.positive("every", every);
    }

    /** One round of all cases with seed 1. */
    public static Options defaults() {
      return new Options(1, 1, 1);
    }
  }

  private GradientVerification() {}

  /**
   * Checks every case, prints a table and ends with {@code N passed, N failed}.
   *
   * @return the tally; its {@link Tally#exitStatus()} is the command's
   */
  public static Tally run(Options options, PrintStream out) {
    Findings findings = new Findings(out);
    try (Workers one = Workers.of(1);
        Workers two = Workers.of(2)) {
      List<OperationCase> all = Cases.all();
      List<OperationCase> cases =
          IntStream.range(0, all.size())
              .filter(i -> i % options.every() == 0)
              .mapToObj(all::get)
              .toList();
      for (int round = 0; round < options.rounds(); round++) {
        OperationChecks checks = new OperationChecks(findings, options.seed() + round, one, two);
        for (OperationCase operation : Progress.over("gradients", cases)) {
          checks.run(operation);
        }
      }
    }
    findings.printSummary();
    out.println(findings.tally());
    return findings.tally();
  }
}
