package dev.lanewise.verify;

/**
 * How many checks passed, failed and were skipped.
 *
 * @param passed checks that held
 * @param failed checks that did not hold
 * @param skipped checks that could not run here
 */
public record Tally(int passed, int failed, int skipped) {

  /** Nothing checked. */
  public static final Tally NONE = new Tally(0, 0, 0);

  /** The sum of two tallies. */
  public Tally plus(Tally other) {
    return new Tally(passed + other.passed, failed + other.failed, skipped + other.skipped);
  }

  /** Exit status of a command that ends with this tally: 1 where a check failed, else 0. */
  public int exitStatus() {
    return failed > 0 ? 1 : 0;
  }

  /** The same, but 1 too where there was nothing to check: no success for a script. */
  public int exitStatusOfSome() {
    return equals(NONE) ? 1 : exitStatus();
  }

  /** The last line of every verification: {@code N passed, N failed}. */
  @Override
  public String toString() {
    return passed + " passed, " + failed + " failed";
  }

  /** As {@link #toString()} with {@code , N skipped} behind it. */
  public String withSkipped() {
    return this + ", " + skipped + " skipped";
  }
}
