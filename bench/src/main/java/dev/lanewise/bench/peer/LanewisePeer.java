package dev.lanewise.bench.peer;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Optional;

/** Lanewise itself, with input and output in its blocked layout. */
public final class LanewisePeer implements Peer {

  private final Optional<Algorithm> pinned;

  /**
   * @param pinned the algorithm; empty to let the plan choose
   */
  public LanewisePeer(Optional<Algorithm> pinned) {
    this.pinned = pinned;
  }

  @Override
  public String name() {
    return "lanewise";
  }

  @Override
  public Prepared prepare(Problem problem) {
    return new Planned(problem);
  }

  private final class Planned implements Prepared {

    private final ConvShape shape;
    private final Workers workers;
    private final ConvPlan plan;
    private final PackedFilter filter;
    private final float[] input;
    private final float[] output;

    Planned(Problem problem) {
      shape = problem.shape();
      workers = Workers.of(problem.threads());
      ConvOptions options = ConvOptions.defaults().withWorkers(workers);
      plan = ConvPlan.of(shape, pinned.map(options::withAlgorithm).orElse(options));
      plan.warmUp();
      filter = plan.pack(problem.filter(), problem.bias());
      input = Reorder.to(shape.inputDims(), Layout.NCHW, problem.input(), Layout.NCHW16C);
      output = new float[plan.outputLength()];
    }

    @Override
    public void run() {
      plan.run(input, filter, output);
    }

    @Override
    public float[] output() {
      return Reorder.to(shape.outputDims(), Layout.NCHW16C, output, Layout.NCHW);
    }

    @Override
    public String algorithm() {
      return plan.algorithm().label();
    }

    @Override
    public void close() {
      workers.close();
    }
  }
}
