package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures candidates against each other, interleaved, best of many. */
final class Race {

  private static final long WARM_UP_NANOS = 150_000_000;
  private static final long RACE_NANOS = 100_000_000;
  private static final int FEWEST_ROUNDS = 3;

  private Race() {}

  static List<Candidate> run(ConvShape shape, ConvOptions options, List<Candidate> candidates) {
    List<Runner> runners =
        candidates.stream().map(candidate -> new Runner(shape, options, candidate)).toList();
    for (Runner runner : runners) {
      runner.plan.warmUp();
      repeat(WARM_UP_NANOS, List.of(runner));
      runner.best = Long.MAX_VALUE;
    }
    repeat(RACE_NANOS * runners.size(), runners);
    List<Candidate> measured = new ArrayList<>();
    for (int i = 0; i < runners.size(); i++) {
      measured.add(candidates.get(i).measured(runners.get(i).best * 1e-6));
    }
    return measured;
  }

  private static void repeat(long nanos, List<Runner> runners) {
    long end = System.nanoTime() + nanos;
    for (int round = 0; round < FEWEST_ROUNDS || System.nanoTime() < end; round++) {
      for (Runner runner : runners) {
        runner.run();
      }
    }
  }

  /** A candidate with operands of its own. */
  private static final class Runner {
    final ConvPlan plan;
    private final PackedFilter filter;
    private final float[] input;
    private final float[] residual;
    private final float[] output;
    long best = Long.MAX_VALUE;

    Runner(ConvShape shape, ConvOptions options, Candidate candidate) {
      plan = ConvPlan.of(shape, options, candidate);
      float[] weights = new float[shape.filterLength()];
      Arrays.fill(weights, 0.5f);
      filter = plan.pack(weights, null);
      input = new float[plan.inputLength()];
      output = new float[plan.outputLength()];
      residual = options.residual() ? new float[plan.outputLength()] : null;
    }

    void run() {
      long start = System.nanoTime();
      if (residual == null) {
        plan.run(input, filter, output);
      } else {
        plan.run(input, filter, residual, output);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
  }
}
