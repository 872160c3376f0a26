package dev.lanewise.bench.compare;

/**
 * How Lanewise did against the others.
 *
 * @param ratio the best peer's time over ours: above 1, Lanewise is faster
 * @param target the ratio that is meant to be reached; null if none is set
 * @param met whether it is; null without a target
 */
record Verdict(double ratio, Double target, Boolean met) {

  static Verdict of(double ratio, Double target) {
    return new Verdict(ratio, target, target == null ? null : ratio >= target);
  }
}
