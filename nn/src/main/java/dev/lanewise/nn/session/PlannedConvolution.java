package dev.lanewise.nn.session;

import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;

/** A step that runs one convolution plan, wherever it reads its input. */
interface PlannedConvolution extends Step {

  /** The convolution. */
  ConvPlan plan();

  /** Its filter, packed by the plan or one that packs alike. */
  PackedFilter filter();

  @Override
  default String algorithm() {
    return plan().algorithm().label();
  }

  @Override
  default long multiplyAdds() {
    return plan().shape().multiplyAdds();
  }

  @Override
  default long filterBytes() {
    return filter().bytes();
  }

  @Override
  default void warmUp() {
    plan().warmUp();
  }
}
