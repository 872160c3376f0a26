package dev.lanewise.bench.peer;

import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.separable.PackedSeparable;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/** Lanewise's one call for a depthwise and a pointwise convolution, with its operands. */
final class PlannedSeparable implements Prepared {

  private final Problem problem;
  private final ConvOptions options;
  private final SeparablePlan plan;
  private final PackedSeparable filters;
  private final Slice input;
  private final Slice output;

  /** Owns the options' workers from here on, unless the plan is refused. */
  PlannedSeparable(Problem problem, ConvOptions options) {
    this.problem = problem;
    this.options = options;
    Problem.Stage first = problem.stages().getFirst();
    Problem.Stage second = problem.stages().getLast();
    int outChannels = second.shape().outChannels();
    plan = SeparablePlan.of(first.shape(), outChannels, Activation.IDENTITY, options);
    plan.warmUp();
    filters = plan.pack(first.filter(), first.bias(), second.filter(), second.bias());
    int[] dims = first.shape().inputDims();
    input = Blocked.of(dims, problem.input());
    output = Slice.allocate(second.shape().outputDims());
  }

  /** Whether a problem is a depthwise and then a pointwise convolution. */
  static boolean canCompute(Problem problem) {
    List<ConvShape> shapes = problem.stages().stream().map(Problem.Stage::shape).toList();
    if (shapes.size() != 2) {
      return false;
    }
    ConvShape first = shapes.getFirst();
    ConvShape second = shapes.getLast();
    return first.groups() == first.inChannels()
        && second.groups() == 1
        && second.kernelTaps() == 1
        && second.inputPixels() == second.outputPixels();
  }

  @Override
  public void run() {
    plan.run(input, filters, null, output);
  }

  @Override
  public float[] result() {
    return Blocked.values(problem.resultDims(), output);
  }

  @Override
  public String algorithm() {
    return "separable";
  }

  @Override
  public void close() {
    options.workers().close();
  }
}
