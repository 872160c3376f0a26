package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.norm.LocalResponseNorm;
import dev.lanewise.nn.graph.Value;

/** A local response norm. */
record ResponseNormStep(LocalResponseNorm plan, Value input, Value output) implements Step {

  @Override
  public Runnable bind(Memory memory) {
    Slice in = memory.of(input);
    Slice out = memory.of(output);
    return () -> plan.run(in, out);
  }

  @Override
  public String algorithm() {
    return "response norm";
  }
}
