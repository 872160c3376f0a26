package dev.lanewise.verify;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.kernel.KernelRace;
import java.io.PrintStream;
import java.util.Locale;

/**
 * The command {@code verify kernels}: every generated micro-kernel against the machine's probed
 * multiply-add peak.
 *
 * <p>A coarse guard: it finds registers that spill and vectors that are boxed, which no test of
 * results can see. A kernel passes at {@value KernelRace#TOLERANCE} of what its register tile is
 * expected to reach.
 */
public final class KernelVerification {

  /**
   * What to run.
   *
   * @param rounds bursts of each kernel; the best counts
   */
  public record Options(int rounds) {

    /** Validates the options. */
    public Options {
      Check.positive("rounds", rounds);
    }

    /** Enough rounds for a shared machine. */
    public static Options defaults() {
      return new Options(40);
    }
  }

  private KernelVerification() {}

  /**
   * Measures, prints a table and ends with {@code N passed, N failed}.
   *
   * @return the tally; its {@link Tally#exitStatus()} is the command's. On the scalar fallback,
   *     which has no generated kernels, nothing is counted
   */
  public static Tally run(Options options, PrintStream out) {
    if (!Lanes.vectorised()) {
      out.println("No generated kernel runs here: " + Lanes.remedy().orElse("no lanes"));
      out.println(Tally.NONE);
      return Tally.NONE;
    }
    KernelRace race = new KernelRace();
    race.run(options.rounds());
    Table table =
        new Table()
            .left("kernel", "tile", "variant")
            .right("GFLOP/s", "of peak", "needed")
            .left("");
    Tally tally = Tally.NONE;
    for (KernelRace.Result result : race.results()) {
      tally = tally.plus(result.passes() ? new Tally(1, 0, 0) : new Tally(0, 1, 0));
      table.row(
          result.kernel().family(),
          result.kernel().tile(),
          result.kernel().variant(),
          String.format(Locale.ROOT, "%.1f", result.gflops()),
          String.format(Locale.ROOT, "%.2f", result.fraction()),
          String.format(Locale.ROOT, "%.2f", result.needed()),
          result.passes() ? "" : "FAILED");
    }
    out.print(table);
    out.printf(Locale.ROOT, "probed peak %.1f GFLOP/s on %d lanes%n", race.peak(), Lanes.LANES);
    out.println(tally);
    return tally;
  }
}
