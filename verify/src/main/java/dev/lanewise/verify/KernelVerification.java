package dev.lanewise.verify;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.kernel.VariantRace;
import java.io.PrintStream;
import java.util.Locale;

/**
 * The command {@code verify kernels}: every generated batch-reduce variant against the machine's
 * probed multiply-add peak.
 *
 * <p>A coarse guard: it finds registers that spill and vectors that are boxed, which no test of
 * results can see. A variant passes at {@value VariantRace#TOLERANCE} of what its register tile is
 * expected to reach.
 */
public final class KernelVerification {

  /**
   * What to run.
   *
   * @param rounds bursts of each variant; the best counts
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
   *     which has no generated variants, nothing is counted
   */
  public static Tally run(Options options, PrintStream out) {
    if (!Lanes.vectorised()) {
      out.println("No generated variant runs here: " + Lanes.remedy().orElse("no lanes"));
      out.println(Tally.NONE);
      return Tally.NONE;
    }
    VariantRace race = new VariantRace();
    race.run(options.rounds());
    Table table =
        new Table()
            .left("tile", "output", "taps")
            .right("channels", "terms", "pixel stride", "GFLOP/s", "of peak", "needed")
            .left("");
    Tally tally = Tally.NONE;
    for (VariantRace.Result result : race.results()) {
      tally = tally.plus(result.passes() ? new Tally(1, 0, 0) : new Tally(0, 1, 0));
      table.row(
          result.tile(),
          result.walk().dense() ? "dense" : "scattered",
          result.walk().regular() ? "regular" : "table",
          result.channels(),
          result.walk().terms(),
          result.walk().pixelStride(),
          String.format(Locale.ROOT, "%.1f", result.gflops()),
          String.format(Locale.ROOT, "%.2f", result.fraction()),
          String.format(Locale.ROOT, "%.2f", VariantRace.TOLERANCE * result.expected()),
          result.passes() ? "" : "FAILED");
    }
    out.print(table);
    out.printf(Locale.ROOT, "probed peak %.1f GFLOP/s on %d lanes%n", race.peak(), Lanes.LANES);
    out.println(tally);
    return tally;
  }
}
