package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.separable.PackedSeparable;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.nn.graph.Value;

/**
 * A depthwise and a pointwise convolution in one call.
 *
 * @param residual or null
 */
record SeparableStep(
    SeparablePlan plan,
    PackedSeparable filters,
    long multiplyAdds,
    Value input,
    Value residual,
    Value output)
    implements Step {

  @Override
  public Runnable bind(Memory memory) {
    Slice in = memory.of(input);
    Slice added = residual == null ? null : memory.of(residual);
    Slice out = memory.of(output);
    return () -> plan.run(in, filters, added, out);
  }

  @Override
  public String algorithm() {
    return "separable";
  }

  @Override
  public void warmUp() {
    plan.warmUp();
  }
}
