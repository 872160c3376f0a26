package dev.lanewise.tools;

/**
 * The line with which the JVM warns, before any class of ours runs, that the Vector API is an
 * incubator module. No flag silences it.
 */
final class IncubatorWarning {

  /** Set by the launcher where standard error is a terminal and nothing else was printed on it. */
  private static final String TERMINAL = "lanewise.terminal";

  private IncubatorWarning() {}

  /** Wipes the line from the terminal; elsewhere it stays. */
  static void wipe() {
    if (Boolean.getBoolean(TERMINAL)) {
      System.err.print("\033[A\033[2K\r");
    }
  }
}
