package dev.lanewise.tools;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise verify}: the checks of the room {@code verify}, each a subcommand. */
@Command(
    name = "verify",
    description = "Check the library against references that share no code with it.",
    footer = {"%nExample:", "  lanewise verify conv --cases 500"},
    subcommands = {
      VerifyConv.class,
      VerifyKernels.class,
      VerifyGradients.class,
      VerifyGolden.class,
      VerifyOnnx.class,
      VerifySurvey.class
    })
final class Verify implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "what to verify is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
