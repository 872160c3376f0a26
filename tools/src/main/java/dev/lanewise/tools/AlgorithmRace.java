package dev.lanewise.tools;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.simd.PeakProbe;
import dev.lanewise.nn.report.Table;
import dev.lanewise.verify.LayerList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Every algorithm on the same layers, taking turns with each other and with the probe of the peak,
 * best of many.
 */
final class AlgorithmRace {

  private static final long NANOS = 1_200_000_000;
  private static final int FEWEST_ROUNDS = 5;
  private static final int RUNS_PER_VISIT = 4;

  private final Workers workers;
  private final List<List<Runner>> layers = new ArrayList<>();
  private double peakGflops;

  /**
   * Plans every algorithm that can compute them for some rows of the layer list.
   *
   * @throws IllegalArgumentException if the list has no row of a name
   */
  AlgorithmRace(List<String> names, Workers workers) {
    this.workers = workers;
    List<LayerList.Row> rows = LayerList.rows();
    for (String name : names) {
      LayerList.Row row =
          rows.stream()
              .filter(candidate -> candidate.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no layer '" + name + "'"));
      layers.add(
          Arrays.stream(Algorithm.values())
              .filter(algorithm -> algorithm.objection(row.shape()).isEmpty())
              .map(algorithm -> new Runner(row, algorithm, workers))
              .toList());
    }
  }

  /** Has the micro-kernels of all plans compiled. */
  void warmUp() {
    layers.stream().flatMap(List::stream).forEach(runner -> runner.plan.warmUp());
  }

  /**
   * Runs the race. A round visits every layer, so that all of them are also run late, when the
   * compiler has finished with the loops around the micro-kernels; a visit runs each algorithm a
   * few times, so that the layer before is out of the caches.
   */
  void run() {
    long end = System.nanoTime() + NANOS;
    for (int round = 0; round < FEWEST_ROUNDS || System.nanoTime() < end; round++) {
      for (List<Runner> runners : layers) {
        runners.forEach(
            runner -> {
              for (int i = 0; i < RUNS_PER_VISIT; i++) {
                runner.run();
              }
            });
        peakGflops = Math.max(peakGflops, PeakProbe.burst(workers));
      }
    }
  }

  /** The peak that was probed during the race, in GFLOP/s on all workers. */
  double peakGflops() {
    return peakGflops;
  }

  /** Milliseconds, GFLOP/s and fraction of the peak of each algorithm on each layer. */
  Table table() {
    Table table = new Table().left("layer", "algorithm").right("MFLOP", "ms", "GFLOP/s", "of peak");
    for (List<Runner> runners : layers) {
      for (Runner runner : runners) {
        double gflops = runner.gflops();
        table.row(
            runner == runners.getFirst() ? runner.row.name() : "",
            runner.plan.algorithm().label(),
            "%.0f".formatted(runner.flops() * 1e-6),
            "%.3f".formatted(runner.bestNanos * 1e-6),
            "%.0f".formatted(gflops),
            "%.0f %%".formatted(100 * gflops / peakGflops));
      }
    }
    return table;
  }

  /** An algorithm on a layer, with operands of its own. */
  private static final class Runner {
    final LayerList.Row row;
    final ConvPlan plan;
    private final PackedFilter filter;
    private final float[] input;
    private final float[] output;
    private long bestNanos = Long.MAX_VALUE;

    Runner(LayerList.Row row, Algorithm algorithm, Workers workers) {
      this.row = row;
      plan =
          ConvPlan.of(
              row.shape(), ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(workers));
      SplittableRandom random = new SplittableRandom(1);
      filter =
          plan.pack(
              uniform(row.shape().filterLength(), random),
              uniform(row.shape().outChannels(), random));
      input = uniform(plan.inputLength(), random);
      output = new float[plan.outputLength()];
    }

    private static float[] uniform(int length, SplittableRandom random) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      return values;
    }

    void run() {
      long start = System.nanoTime();
      plan.run(input, filter, output);
      bestNanos = Math.min(bestNanos, System.nanoTime() - start);
    }

    double flops() {
      return 2.0 * row.shape().multiplyAdds();
    }

    double gflops() {
      return flops() / bestNanos;
    }
  }
}
