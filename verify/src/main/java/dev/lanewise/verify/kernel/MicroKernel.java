package dev.lanewise.verify.kernel;

import java.util.List;
import java.util.stream.Stream;

/**
 * One generated method with a problem small enough for the first-level cache, so that only the
 * method itself is timed.
 */
public sealed interface MicroKernel permits BatchKernel, GroupKernel, PixelSum, TileKernel {

  /** Every method that the generators make for this machine's lanes. */
  static List<MicroKernel> all() {
    return Stream.of(
            BatchKernel.all(),
            GroupKernel.all(),
            FilterKernel.all(),
            ProductKernel.all(),
            TileKernel.all())
        .<MicroKernel>flatMap(List::stream)
        .toList();
  }

  /** The generated class. */
  String family();

  /** {@code pixels x vectors} that one call holds in registers. */
  String tile();

  /** What else distinguishes the method from the others of its family. */
  String variant();

  /** Fraction of the peak that a model of the method lets expect; see {@link Expectation}. */
  double expected();

  /** Operations of one call, two a multiply-add. */
  long flops();

  /** Runs the method so many times. */
  void run(int calls);

  /**
   * Runs the method for about half a millisecond.
   *
   * @param gflopsGuess how fast it may be, which decides the number of calls
   * @return its speed in GFLOP/s
   */
  default double burst(double gflopsGuess) {
    int calls = (int) Math.max(1, gflopsGuess * 5e5 / flops());
    long start = System.nanoTime();
    run(calls);
    return (double) calls * flops() / (System.nanoTime() - start);
  }
}
