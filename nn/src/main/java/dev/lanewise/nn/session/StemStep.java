package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.nn.graph.Value;

/** A convolution that reads the session's input as it is given, so that nothing is reordered. */
record StemStep(ConvPlan plan, PackedFilter filter, Value output) implements PlannedConvolution {

  @Override
  public Runnable bind(Memory memory) {
    Slice out = memory.of(output);
    return () -> plan.runPlanar(memory.given(), filter, out);
  }
}
