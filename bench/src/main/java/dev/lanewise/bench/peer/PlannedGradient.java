package dev.lanewise.bench.peer;

import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.gradient.PackedGradientFilter;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.ConvShape;

/**
 * One of Lanewise's two backward sums: the gradient of the input, with a filter packed beforehand,
 * or that of the filter.
 */
final class PlannedGradient implements Prepared {

  private final Problem problem;
  private final ConvOptions options;
  private final ConvGradient gradient;
  private final PackedGradientFilter filter;
  private final float[] input;
  private final float[] gradOutput;
  private final float[] result;

  /** Owns the options' workers from here on. */
  PlannedGradient(Problem problem, ConvOptions options) {
    this.problem = problem;
    this.options = options;
    ConvShape shape = problem.shape();
    gradient = ConvGradient.of(shape, options);
    gradient.warmUp();
    filter = gradient.packData(problem.stages().getFirst().filter());
    input = Reorder.to(shape.inputDims(), Layout.NCHW, problem.input(), Layout.NCHW16C);
    gradOutput = Reorder.to(shape.outputDims(), Layout.NCHW, problem.gradOutput(), Layout.NCHW16C);
    result = new float[byData() ? input.length : shape.filterLength()];
  }

  private boolean byData() {
    return problem.direction() == Direction.DATA;
  }

  @Override
  public void run() {
    if (byData()) {
      gradient.data(filter, gradOutput, result);
    } else {
      gradient.filter(input, gradOutput, result);
    }
  }

  @Override
  public float[] result() {
    return byData()
        ? Reorder.to(problem.resultDims(), Layout.NCHW16C, result, Layout.NCHW)
        : result.clone();
  }

  @Override
  public String algorithm() {
    return byData()
        ? gradient.dataAlgorithm().map(Algorithm::label).orElse("phases")
        : gradient.filterAlgorithm().label();
  }

  @Override
  public void close() {
    options.workers().close();
  }
}
