package dev.lanewise.tools;

import dev.lanewise.verify.KernelVerification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise verify}: the checks of the room {@code verify}, each a subcommand. */
@Command(
    name = "verify",
    description = "Check the library against references that share no code with it.",
    footer = {"%nExample:", "  lanewise verify conv --cases 500"},
    subcommands = Verify.Kernels.class)
final class Verify implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "what to verify is missing: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** {@code lanewise verify kernels}. */
  @Command(
      name = "kernels",
      description = {
        "Measure every generated micro-kernel against the probed peak.",
        "Fails if one falls far below what its register tile can reach."
      },
      footer = {"%nExample:", "  lanewise verify kernels"})
  static final class Kernels implements Callable<Integer> {

    @Option(
        names = "--rounds",
        converter = Counts.class,
        defaultValue = "40",
        description =
            "Bursts of each variant, of which the best counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    public Integer call() {
      return KernelVerification.run(new KernelVerification.Options(rounds), System.out)
          .exitStatus();
    }
  }
}
