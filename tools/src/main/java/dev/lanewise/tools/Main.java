package dev.lanewise.tools;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code lanewise} command: reads the arguments and runs the subcommand they name. */
@Command(
    name = "lanewise",
    description = "Convolution on the JVM's own SIMD lanes.",
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed", "2:bad usage"},
    subcommands = {
      Demo.class,
      Doctor.class,
      Train.class,
      Evaluate.class,
      Classify.class,
      ModelsCommand.class,
      Summary.class,
      ProfileCommand.class,
      Run.class,
      Explain.class,
      Attack.class,
      Curves.class,
      Verify.class,
      FromBench.Compare.class,
      FromBench.Jmh.class
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  /** Runs one command and exits with its status: 0 done, 1 failed, 2 bad usage. */
  public static void main(String[] arguments) {
    IncubatorWarning.wipe();
    System.exit(execute(commandLine(), arguments));
  }

  /** Runs one command and returns its exit status. */
  static int execute(CommandLine commandLine, String... arguments) {
    try {
      return commandLine.execute(arguments);
    } catch (OutOfMemoryError full) {
      String advice = "a smaller batch needs less, LANEWISE_JVM_OPTS=-Xmx8g allows more";
      commandLine.getErr().println("lanewise: %s: %s".formatted(full.getMessage(), advice));
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      commandLine.getOut().flush();
    }
  }

  /** The command line, ready to execute. */
  static CommandLine commandLine() {
    Mistakes mistakes = new Mistakes(System.getenv("LANEWISE_DEBUG") != null);
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(mistakes)
        .setExecutionExceptionHandler(mistakes);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** The version that the build gave to this module. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var descriptor = Main.class.getModule().getDescriptor();
      var version = descriptor == null ? "" : descriptor.rawVersion().orElse("");
      return new String[] {"lanewise " + version};
    }
  }
}
