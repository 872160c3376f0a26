package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Findings;
import java.util.Optional;

/** What cannot be computed is refused with the rule that it breaks, before anything is. */
public final class RefusalChecks {

  private final Findings findings;
  private final long seed;

  /** Checks that are counted in {@code findings}. */
  public RefusalChecks(Findings findings, long seed) {
    this.findings = findings;
    this.seed = seed;
  }

  /** Tries so many kernels that are larger than their padded input. */
  public void run(int cases) {
    RandomShapes shapes = new RandomShapes(seed);
    for (int i = 0; i < cases; i++) {
      ConvShape shape = shapes.impossible();
      findings.check(
          "kernel over its padded input refused",
          "case %d of --seed %d: %s".formatted(i, seed, shape),
          () -> refused(shape, ConvOptions.defaults(), "exceeds padded input"));
    }
  }

  /** An algorithm that cannot compute a shape says so when it is pinned. */
  static Optional<String> refused(ConvShape shape, Algorithm algorithm) {
    String rule = algorithm.objection(shape).orElseThrow();
    return refused(shape, ConvOptions.defaults().withAlgorithm(algorithm), rule);
  }

  private static Optional<String> refused(ConvShape shape, ConvOptions options, String rule) {
    try {
      return Optional.of("planned as " + ConvPlan.of(shape, options).algorithm().label());
    } catch (IllegalArgumentException refusal) {
      return refusal.getMessage().contains(rule)
          ? Optional.empty()
          : Optional.of("refused without '%s': %s".formatted(rule, refusal.getMessage()));
    }
  }
}
