package dev.lanewise.verify.kernel;

/**
 * Runs every generated micro-kernel until C2 has compiled it: the subject of the test that reads
 * what the compiler prints about inlining.
 */
public final class WarmKernels {

  /** More than C2's 10,000 turns of a loop in all, and calls after them. */
  private static final int CALLS = 300;

  private WarmKernels() {}

  /** Takes no arguments and prints nothing. */
  public static void main(String[] args) {
    for (MicroKernel kernel : MicroKernel.all()) {
      kernel.run(CALLS);
    }
  }
}
