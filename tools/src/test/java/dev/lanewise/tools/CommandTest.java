package dev.lanewise.tools;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs the command line in this JVM and keeps what it prints. */
abstract class CommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs one command and returns its exit status. */
  final int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return Main.execute(commandLine, arguments);
  }

  final String out() {
    return out.toString();
  }

  final String err() {
    return err.toString();
  }
}
