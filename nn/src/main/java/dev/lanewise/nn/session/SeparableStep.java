package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.separable.PackedSeparable;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;

/**
 * A depthwise and a pointwise convolution in one call.
 *
 * @param multiplyAdds of both
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

  /**
   * What lies between two convolutions of one image and fits here costs nothing to store: one call
   * was measured to take 0.99 to 1.03 times as long as two.
   */
  private static final int SECOND_LEVEL = 1 << 20;

  /**
   * Whether the first stage is a depthwise convolution and the second a pointwise one, and what
   * lies between them had better not be stored.
   */
  static boolean pays(Stage first, Stage second) {
    return first.operator() instanceof Operator.Convolution depthwise
        && second.operator() instanceof Operator.Convolution pointwise
        && first.residual() == null
        && depthwise.shape().groups() == depthwise.shape().inChannels()
        && pointwise(pointwise.shape())
        && between(depthwise.shape()) > SECOND_LEVEL;
  }

  private static boolean pointwise(ConvShape shape) {
    return shape.groups() == 1
        && shape.axes().stream().allMatch(axis -> axis.equals(Axis.of(axis.input(), 1)));
  }

  /** Bytes of the depthwise convolution's output for one image. */
  private static long between(ConvShape shape) {
    return (long) Float.BYTES * Layout.NCHW16C.length(shape.batch(1).outputDims());
  }

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
  public long filterBytes() {
    return filters.bytes();
  }

  @Override
  public void warmUp() {
    plan.warmUp();
  }
}
