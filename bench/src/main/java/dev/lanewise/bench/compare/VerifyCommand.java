package dev.lanewise.bench.compare;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The part of the command {@code verify} that needs other libraries. */
@Command(
    name = "verify",
    description = "Checks Lanewise against other libraries.",
    subcommands = GoldenCommand.class)
public final class VerifyCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to verify is missing: golden");
  }
}
