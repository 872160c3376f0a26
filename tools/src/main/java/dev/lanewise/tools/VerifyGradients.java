package dev.lanewise.tools;

import dev.lanewise.verify.GradientVerification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lanewise verify gradients}: the backward pass of every operation. */
@Command(
    name = "gradients",
    description = {
      "Check the gradients of every operation and loss against central differences of its forward"
          + " pass, summed in double precision; on one thread and on two, bit for bit."
    },
    footer = {"%nExample:", "  lanewise verify gradients --rounds 5"})
final class VerifyGradients implements Callable<Integer> {

  private static final GradientVerification.Options DEFAULTS =
      GradientVerification.Options.defaults();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the data (default: ${DEFAULT-VALUE}).")
  private long seed = DEFAULTS.seed();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      converter = Counts.class,
      description = "How often, with other data each time (default: ${DEFAULT-VALUE}).")
  private int rounds = DEFAULTS.rounds();

  @Override
  public Integer call() {
    return GradientVerification.run(new GradientVerification.Options(seed, rounds, 1), System.out)
        .exitStatus();
  }
}
