package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.nn.graph.Value;

/** Pooling. */
record PoolStep(PoolPlan plan, Value input, Value output) implements Step {

  @Override
  public Runnable bind(Memory memory) {
    Slice in = memory.of(input);
    Slice out = memory.of(output);
    return () -> plan.run(in, out);
  }

  @Override
  public void warmUp() {
    plan.warmUp();
  }

  @Override
  public String algorithm() {
    return "pool";
  }
}
