package dev.lanewise.bench.peer;

import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lanewise's plans of convolutions forward, each run on the output of the one before. The first
 * takes the problem's own input where it can, as a session's does, and else the layout of blocks.
 */
final class PlannedConvolutions implements Prepared {

  private final Problem problem;
  private final ConvOptions options;
  private final List<Step> steps = new ArrayList<>();
  private final Slice result;

  /** A plan and the call that computes its output. */
  private record Step(ConvPlan plan, Runnable call) {}

  /** Owns the options' workers from here on, unless the plan is refused. */
  PlannedConvolutions(Problem problem, ConvOptions options) {
    this.problem = problem;
    this.options = options;
    Slice input = null;
    for (Problem.Stage stage : problem.stages()) {
      ConvPlan plan = ConvPlan.of(stage.shape(), options);
      plan.warmUp();
      PackedFilter filter = plan.pack(stage.filter(), stage.bias());
      Slice output = Slice.allocate(stage.shape().outputDims());
      if (input == null && plan.takesPlanar()) {
        steps.add(new Step(plan, () -> plan.runPlanar(problem.input(), filter, output)));
      } else {
        Slice from = input == null ? Blocked.of(stage.shape().inputDims(), problem.input()) : input;
        steps.add(new Step(plan, () -> plan.run(from, filter, null, output)));
      }
      input = output;
    }
    result = input;
  }

  @Override
  public void run() {
    for (Step step : steps) {
      step.call.run();
    }
  }

  @Override
  public float[] result() {
    return Blocked.values(problem.resultDims(), result);
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
