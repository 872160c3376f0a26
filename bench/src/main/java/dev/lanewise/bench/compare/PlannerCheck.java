package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.PlannerReport.Candidate;
import dev.lanewise.bench.compare.PlannerReport.Choice;
import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.Considered;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Measures every algorithm that the cost model ranks for a shape. */
final class PlannerCheck {

  private final int threads;
  private final Accuracy accuracy;
  private final Duration budget;
  private final BooleanSupplier stop;

  /**
   * @param accuracy which algorithms are allowed
   * @param budget time for each candidate
   * @param stop ends the check soon when it becomes true
   */
  PlannerCheck(int threads, Accuracy accuracy, Duration budget, BooleanSupplier stop) {
    this.threads = threads;
    this.accuracy = accuracy;
    this.budget = budget;
    this.stop = stop;
  }

  /** The candidates of one shape with their times; empty if it was stopped before. */
  Optional<Choice> choice(ConvShape shape) {
    List<Considered> ranked = ranked(shape);
    Problem problem = Problem.of(shape, Direction.FORWARD, threads);
    List<Prepared> runners = new ArrayList<>();
    try {
      for (Considered considered : ranked) {
        runners.add(new LanewisePeer(Optional.of(considered.algorithm())).prepare(problem));
      }
      long[] nanos = Race.ofCandidates(budget, stop).run(runners);
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      List<Candidate> candidates = new ArrayList<>();
      for (int i = 0; i < nanos.length; i++) {
        Considered considered = ranked.get(i);
        candidates.add(
            new Candidate(considered.algorithm().label(), considered.score(), nanos[i] / 1e6));
      }
      return Optional.of(Choice.of(shape.toString(), problem.flops() / 1e6, candidates));
    } finally {
      runners.forEach(Prepared::close);
    }
  }

  private List<Considered> ranked(ConvShape shape) {
    try (Workers workers = Workers.of(threads)) {
      return ConvPlan.of(shape, ConvOptions.defaults().withWorkers(workers).withAccuracy(accuracy))
          .considered();
    }
  }
}
