package dev.lanewise.verify.check;

import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.Tally;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Counts checks by kind, and prints each failure with what is needed to repeat it.
 *
 * <p>After {@value #SHOWN} printed failures the rest are only counted.
 */
public final class Findings {

  private static final int SHOWN = 20;

  /** A check: says what is wrong, or nothing. */
  @FunctionalInterface
  public interface Check {
    /** The fault, if there is one. */
    Optional<?> fault();
  }

  private final Map<String, Tally> kinds = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  /** Null where failures are only collected. */
  private final PrintStream out;

  private Findings(PrintStream out, boolean printed) {
    this.out = printed ? Objects.requireNonNull(out, "out") : null;
  }

  /** Prints failures to {@code out}. */
  public Findings(PrintStream out) {
    this(out, true);
  }

  /** Keeps failures until they are {@link #add added} to other findings. */
  public static Findings collected() {
    return new Findings(null, false);
  }

  /** Counts and prints what others have found. */
  public void add(Findings others) {
    others.kinds.forEach(this::count);
    others.failures.forEach(this::fail);
  }

  /**
   * Runs a check and counts it; an exception is a failure too.
   *
   * @param kind what is checked, a row of the summary
   * @param subject what it is checked on and how to repeat it
   */
  public void check(String kind, String subject, Check check) {
    Optional<?> fault;
    try {
      fault = check.fault();
    } catch (RuntimeException | LinkageError thrown) {
      fault = Optional.of(thrown);
    }
    count(kind, fault.isEmpty() ? new Tally(1, 0, 0) : new Tally(0, 1, 0));
    fault.ifPresent(what -> fail("FAILED " + kind + ": " + subject + ": " + what));
  }

  /** Counts a check that cannot run here. */
  public void skip(String kind) {
    count(kind, new Tally(0, 0, 1));
  }

  private void count(String kind, Tally one) {
    kinds.merge(kind, one, Tally::plus);
  }

  private void fail(String failure) {
    failures.add(failure);
    if (out == null) {
      return;
    }
    if (failures.size() <= SHOWN) {
      out.println(failure);
    } else if (failures.size() == SHOWN + 1) {
      out.println("further failures are only counted");
    }
  }

  /** All checks so far. */
  public Tally tally() {
    return kinds.values().stream().reduce(Tally.NONE, Tally::plus);
  }

  /** A table of what was checked, one row a kind, in the order of the first check. */
  public void printSummary() {
    boolean skipped = tally().skipped() > 0;
    Table table = new Table().left("check").right("passed", "failed");
    if (skipped) {
      table.right("skipped");
    }
    kinds.forEach(
        (kind, tally) -> {
          if (skipped) {
            table.row(kind, tally.passed(), tally.failed(), tally.skipped());
          } else {
            table.row(kind, tally.passed(), tally.failed());
          }
        });
    Objects.requireNonNull(out, "collected findings print nothing").print(table);
  }
}
