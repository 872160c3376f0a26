package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Optional;

/** What cannot be computed is refused with the rule that it breaks, before anything is. */
public final class RefusalChecks implements RandomCheck {

  private final Setting setting;

  /** Checks in a setting. */
  public RefusalChecks(Setting setting) {
    this.setting = setting;
  }

  /** Tries a kernel that is larger than its padded input. */
  @Override
  public void run(int index) {
    ConvShape shape = RandomShapes.impossible(setting.shape(index));
    setting
        .findings()
        .check(
            "kernel over its padded input refused",
            setting.subject(shape, index),
            () -> refused(shape, ConvOptions.defaults(), "exceeds padded input"));
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
