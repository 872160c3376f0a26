package dev.lanewise.bench.peer;

import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lanewise's plans of convolutions forward, each run on the output of the one before. */
final class PlannedConvolutions implements Prepared {

  private final Problem problem;
  private final ConvOptions options;
  private final List<Step> steps = new ArrayList<>();

  /** A plan with its operands. */
  private record Step(ConvPlan plan, PackedFilter filter, Slice input, Slice output) {}

  /** Owns the options' workers from here on, unless the plan is refused. */
  PlannedConvolutions(Problem problem, ConvOptions options) {
    this.problem = problem;
    this.options = options;
    int[] dims = problem.stages().getFirst().shape().inputDims();
    Slice input = Blocked.of(dims, problem.input());
    for (Problem.Stage stage : problem.stages()) {
      ConvPlan plan = ConvPlan.of(stage.shape(), options);
      plan.warmUp();
      Slice output = Slice.allocate(stage.shape().outputDims());
      steps.add(new Step(plan, plan.pack(stage.filter(), stage.bias()), input, output));
      input = output;
    }
  }

  @Override
  public void run() {
    for (Step step : steps) {
      step.plan.run(step.input, step.filter, null, step.output);
    }
  }

  @Override
  public float[] result() {
    return Blocked.values(problem.resultDims(), steps.getLast().output);
  }

  @Override
  public String algorithm() {
    return steps.stream()
        .map(step -> step.plan.algorithm().label())
        .collect(Collectors.joining(" + "));
  }

  @Override
  public void close() {
    options.workers().close();
  }
}
