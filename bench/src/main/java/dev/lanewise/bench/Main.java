package dev.lanewise.bench;

import dev.lanewise.bench.compare.CompareCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The measuring half of the {@code lanewise} command, which runs on the class path. */
@Command(
    name = "lanewise",
    description = "Convolution on the JVM's own SIMD lanes: measurements.",
    version = "lanewise 0.1.0",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    subcommands = CompareCommand.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed", "2:bad usage"})
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  /** Runs one command and exits with its status: 0 done, 1 failed, 2 bad usage. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /**
   * The command line, ready to execute. A command reports a user's mistake by an exception with a
   * clear message; the message alone is printed, never the stack trace.
   */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              command.getErr().println("lanewise: " + exception.getMessage());
              return 1;
            });
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
