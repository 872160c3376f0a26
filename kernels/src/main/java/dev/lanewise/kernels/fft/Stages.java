package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.parallel.Shares;
import dev.lanewise.kernels.plan.ConvCall;
import java.util.List;

/**
 * Jobs done by all workers together: in rounds of as many as the third-level cache holds, each
 * {@link Step} a stage of its own.
 *
 * <p>No worker does what another does too, and steps divide more finely than tiles. Transforms and
 * sums are those of whole jobs, and so are the bits.
 */
final class Stages {

  private static final long COMMON_FLOATS = (32 << 20) / Float.BYTES;

  private final SpectrumProduct product;
  private final FftGeometry geometry;
  private final Jobs jobs;
  private final List<Step> steps;

  /** Jobs of a round. */
  private final int together;

  /** How each stage is shared out, its jobs in order as segments. */
  private final Shares[] shares;

  Stages(SpectrumProduct product, Jobs jobs) {
    this.product = product;
    this.jobs = jobs;
    geometry = product.geometry();
    steps = product.steps();
    together = Math.clamp(COMMON_FLOATS / jobFloats(product), 1, jobs.count());
    shares = new Shares[steps.size() * Math.ceilDiv(jobs.count(), together)];
    for (int stage = 0; stage < shares.length; stage++) {
      int first = firstJob(stage);
      int[] units = new int[firstJob(stage + steps.size()) - first];
      double[] work = new double[units.length];
      for (int i = 0; i < units.length; i++) {
        units[i] = rows(step(stage), first + i) * width(step(stage), first + i);
        work[i] = unitCost(step(stage), first + i);
      }
      shares[stage] = new Shares(1, units, work);
    }
  }

  /** Floats of a job: its spectra, and what lies between steps. */
  private static long jobFloats(SpectrumProduct product) {
    return product.geometry().spectraFloats() + product.apartFloats();
  }

  /** Whether the memory of one job can be addressed. */
  static boolean possible(SpectrumProduct product) {
    return jobFloats(product) <= Integer.MAX_VALUE;
  }

  int count() {
    return shares.length;
  }

  /** Floats that all workers have in common. */
  int commonFloats() {
    return (int) (together * jobFloats(product));
  }

  private Step step(int stage) {
    return steps.get(stage % steps.size());
  }

  /** First job of a stage's round. */
  private int firstJob(int stage) {
    return Math.min(jobs.count(), stage / steps.size() * together);
  }

  private int rows(Step step, int job) {
    return switch (step) {
      case ROWS -> jobs.inPlanes(job);
      case COLUMNS -> geometry.half();
      case IN_COLUMNS -> jobs.inPlanes(job) * geometry.half();
      case PRODUCTS -> jobs.units(job);
      case OUT_COLUMNS -> jobs.outBlocks(job) * geometry.half();
      case ROWS_BACK -> jobs.outBlocks(job);
    };
  }

  private int width(Step step, int job) {
    return switch (step) {
      case ROWS -> geometry.inPairs(jobs.tiles(job));
      case COLUMNS, IN_COLUMNS, OUT_COLUMNS -> jobs.tiles(job);
      case PRODUCTS -> geometry.frequencies();
      case ROWS_BACK -> geometry.outPairs(jobs.tiles(job));
    };
  }

  private double unitCost(Step step, int job) {
    int first = jobs.firstUnit(job);
    int end = first + jobs.units(job);
    return switch (step) {
      case ROWS -> geometry.inRowCost(1);
      case COLUMNS ->
          jobs.inPlanes(job) * geometry.inColumnCost(1)
              + product.cost(first, end, 1)
              + jobs.outBlocks(job) * geometry.outColumnCost(1);
      case IN_COLUMNS -> geometry.inColumnCost(1);
      case PRODUCTS ->
          product.cost(first, end, jobs.tiles(job)) / (end - first) / geometry.rows().size();
      case OUT_COLUMNS -> geometry.outColumnCost(1);
      case ROWS_BACK -> geometry.outRowCost(1);
    };
  }

  /** Computes a worker's share of a stage. */
  void run(int worker, int workers, float[] own, ConvCall call) {
    int stage = call.stage();
    long start = shares[stage].start(worker, workers);
    long end = shares[stage].start(worker + 1, workers);
    long before = 0;
    for (int job = firstJob(stage); before < end; job++) {
      int units = rows(step(stage), job) * width(step(stage), job);
      int from = (int) Math.max(0, start - before);
      int to = (int) Math.min(units, end - before);
      int base = (job - firstJob(stage)) * (int) jobFloats(product);
      runJob(step(stage), job, from, to, base, own, call);
      before += units;
    }
  }

  /** The units {@code from} to {@code to} of a step of a job. */
  private void runJob(Step step, int job, int from, int to, int base, float[] own, ConvCall call) {
    int width = width(step, job);
    for (int unit = from; unit < to; ) {
      int row = unit / width;
      int first = unit % width;
      int end = Math.min(width, first + to - unit);
      switch (step) {
        case ROWS -> jobs.forward(job, row, first, end, call.common(), base, own, 0, call);
        case COLUMNS -> jobs.columns(job, row, first, end, call.common(), base, own, 0, call);
        case ROWS_BACK -> jobs.backward(job, row, first, end, call.common(), base, own, 0, call);
        case IN_COLUMNS, PRODUCTS, OUT_COLUMNS ->
            jobs.apart(step, job, row, first, end, call.common(), base, own, call);
      }
      unit += end - first;
    }
  }

  /** Estimated work of a worker's share of a stage. */
  double cost(int stage, int worker, int workers) {
    long start = shares[stage].start(worker, workers);
    long end = shares[stage].start(worker + 1, workers);
    long before = 0;
    double cost = 0;
    for (int job = firstJob(stage); before < end; job++) {
      int units = rows(step(stage), job) * width(step(stage), job);
      long count = Math.min(units, end - before) - Math.max(0, start - before);
      cost += Math.max(0, count) * unitCost(step(stage), job);
      before += units;
    }
    return cost;
  }
}
