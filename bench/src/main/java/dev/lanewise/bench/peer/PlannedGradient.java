package dev.lanewise.bench.peer;

import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.gradient.PackedGradientFilter;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;

/**
 * One of Lanewise's two backward sums: the gradient of the input, with a filter packed beforehand,
 * or that of the filter.
 */
final class PlannedGradient implements Prepared {

  private final Problem problem;
  private final ConvOptions options;
  private final ConvGradient gradient;
  private final PackedGradientFilter filter;
  private final Slice input;
  private final Slice gradOutput;

  /** Gradient of the input. */
  private final Slice gradInput;

  /** Gradient of the filter, from a cache line on. */
  private final float[] gradFilter;

  /** Owns the options' workers from here on. */
  PlannedGradient(Problem problem, ConvOptions options) {
    this.problem = problem;
    this.options = options;
    ConvShape shape = problem.shape();
    gradient = ConvGradient.of(shape, options);
    gradient.warmUp();
    filter = gradient.packData(problem.stages().getFirst().filter());
    input = Blocked.of(shape.inputDims(), problem.input());
    gradOutput = Blocked.of(shape.outputDims(), problem.gradOutput());
    gradInput = Slice.allocate(shape.inputDims());
    gradFilter = new float[Slice.TO_LINE + shape.filterLength()];
  }

  private boolean byData() {
    return problem.direction() == Direction.DATA;
  }

  @Override
  public void run() {
    if (byData()) {
      gradient.data(filter, gradOutput, gradInput);
    } else {
      gradient.filter(input, gradOutput, gradFilter, Slice.TO_LINE);
    }
  }

  @Override
  public float[] result() {
    return byData()
        ? Blocked.values(problem.resultDims(), gradInput)
        : Arrays.copyOfRange(gradFilter, Slice.TO_LINE, gradFilter.length);
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
