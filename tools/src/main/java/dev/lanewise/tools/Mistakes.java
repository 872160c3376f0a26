package dev.lanewise.tools;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells the user what went wrong: a mistake on the command line (status 2) and a failure that has a
 * message made for the user (status 1) in one line, a bug of the program with its stack trace.
 */
final class Mistakes implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final boolean traces;

  /**
   * @param traces whether failures with a message show their stack trace too
   */
  Mistakes(boolean traces) {
    this.traces = traces;
  }

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("lanewise: " + withoutPrefix(mistake.getMessage()));
    UnmatchedArgumentException.printSuggestions(mistake, err);
    err.println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
    return CommandLine.ExitCode.USAGE;
  }

  /** Picocli begins the messages about groups of options with a word of its own. */
  private static String withoutPrefix(String message) {
    String prefix = "Error: ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    Exception cause = failure instanceof UncheckedIOException io ? io.getCause() : failure;
    boolean explained = cause instanceof IOException || cause instanceof IllegalArgumentException;
    PrintWriter err = command.getErr();
    if (explained) {
      err.println("lanewise: " + message(cause));
    }
    if (traces || !explained) {
      failure.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** What happened, where the JDK's own message is nothing but the name of the file. */
  static String message(Exception failure) {
    return switch (failure) {
      case NoSuchFileException missing ->
          "no such file: "
              + missing.getFile()
              + (missing.getReason() == null ? "" : ", " + missing.getReason());
      case FileAlreadyExistsException file -> file.getFile() + " is a file, not a folder";
      case NotDirectoryException file -> "not a folder: " + file.getFile();
      case AccessDeniedException denied -> "access denied: " + denied.getFile();
      case FileSystemException other when other.getReason() == null ->
          "cannot use the file " + other.getFile();
      case FileNotFoundException missing -> "cannot open the file " + missing.getMessage();
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }
}
