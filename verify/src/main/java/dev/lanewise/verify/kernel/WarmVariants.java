package dev.lanewise.verify.kernel;

/**
 * Runs every generated variant until C2 has compiled it: the subject of the test that reads what
 * the compiler prints about inlining.
 */
public final class WarmVariants {

  private static final int BURSTS = 60;

  private WarmVariants() {}

  /** Takes no arguments and prints nothing. */
  public static void main(String[] args) {
    for (Variant variant : Variant.all()) {
      for (int i = 0; i < BURSTS; i++) {
        variant.burst(VariantRace.WARM_UP_GFLOPS);
      }
    }
  }
}
