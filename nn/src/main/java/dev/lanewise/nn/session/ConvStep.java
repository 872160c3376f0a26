package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.nn.graph.Value;

/**
 * A convolution, or a dense layer as a pointwise one, with its residual and activation.
 *
 * @param residual or null
 */
record ConvStep(ConvPlan plan, PackedFilter filter, Value input, Value residual, Value output)
    implements PlannedConvolution {

  @Override
  public Runnable bind(Memory memory) {
    Slice in = memory.of(input);
    Slice added = residual == null ? null : memory.of(residual);
    Slice out = memory.of(output);
    return () -> plan.run(in, filter, added, out);
  }
}
