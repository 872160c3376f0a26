package dev.lanewise.tools;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.session.SessionOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that says how many threads share the work. */
final class ThreadsOption {

  private static final int MOST = 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = Counts.class,
      description = "Threads that share the work (default: one a core).")
  private Integer threads;

  /** Workers of that size; they last as long as the program. */
  Workers workers() {
    return threads == null ? Workers.shared() : Workers.of(checked());
  }

  /** Options of a session with so many threads of its own. */
  SessionOptions session() {
    SessionOptions options = SessionOptions.defaults();
    return threads == null ? options : options.withThreads(checked());
  }

  private int checked() {
    if (threads > MOST) {
      throw new ParameterException(
          command.commandLine(), "--threads must be at most %d, is %d".formatted(MOST, threads));
    }
    return threads;
  }
}
