package dev.lanewise.bench;

import dev.lanewise.bench.compare.CompareCommand;
import dev.lanewise.bench.compare.VerifyCommand;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The measuring half of the {@code lanewise} command, which runs on the class path. */
@Command(
    name = "lanewise",
    description = "Convolution on the JVM's own SIMD lanes: measurements.",
    scope = CommandLine.ScopeType.INHERIT,
    subcommands = {CompareCommand.class, VerifyCommand.class},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed", "2:bad usage"})
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Shows this help and exits.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  /** Runs one command and exits with its status: 0 done, 1 failed, 2 bad usage. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute; what went wrong is told in a line, not a stack trace. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (mistake, arguments) -> {
              CommandLine command = mistake.getCommandLine();
              command.getErr().println("lanewise: " + mistake.getMessage());
              String name = command.getCommandSpec().qualifiedName();
              command.getErr().println("Try `" + name + " --help`.");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (!(failure instanceof IOException
                  || failure instanceof IllegalArgumentException)) {
                // Nobody's mistake but the program's: the trace tells where.
                throw failure;
              }
              command.getErr().println("lanewise: " + failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
