package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.bench.peer.Job;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.MemoryProbe;
import dev.lanewise.kernels.simd.PeakProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes the rows of a report: on each problem, checks that the libraries agree, then races them.
 */
final class Comparison implements AutoCloseable {

  private static final int BURSTS = 5;

  private final List<Peer> contenders;
  private final Targets targets;
  private final Duration budget;
  private final BooleanSupplier stop;
  private final Workers probing;
  private final MemoryProbe memory = new MemoryProbe();
  private double peak;

  /**
   * @param contenders the libraries, Lanewise first: the others' results are compared with its
   * @param targets the ratios to be reached
   * @param threads threads that each may use
   * @param budget time for each library on each problem
   * @param stop ends the comparison soon when it becomes true
   */
  Comparison(
      List<Peer> contenders, Targets targets, int threads, Duration budget, BooleanSupplier stop) {
    this.contenders = contenders;
    this.targets = targets;
    this.budget = budget;
    this.stop = stop;
    probing = Workers.of(threads);
    // Compiles the probe; the peak itself is taken between the runs.
    PeakProbe.measure();
  }

  /** Best multiply-add rate so far of all threads together, in GFLOP/s. */
  double peak() {
    return peak;
  }

  /** Best rate so far at which one thread copies memory, in GB/s. */
  double memory() {
    return memory.burst();
  }

  /** Compares the libraries on one problem; empty if it was stopped before all were timed. */
  Optional<ReportRow> row(Workload workload) {
    Job job = workload.job(probing.size());
    double mflop = job.flops() / 1e6;
    double megabytes = job.bytes() / 1e6;
    memory.burst();
    try (Lineup lineup = new Lineup(contenders, job)) {
      if (lineup.failure().isPresent()) {
        return Optional.of(
            ReportRow.failed(
                workload.name(), mflop, megabytes, lineup.notes(), lineup.failure().get()));
      }
      List<Prepared> runners = List.copyOf(lineup.runners().values());
      long[] nanos = Race.ofLibraries(budget, this::probe, stop).run(runners);
      return stop.getAsBoolean()
          ? Optional.empty()
          : Optional.of(
              ReportRow.of(
                  workload.name(),
                  mflop,
                  megabytes,
                  results(lineup.runners(), nanos),
                  lineup.notes(),
                  targets.rows().get(workload.name())));
    }
  }

  private static Map<String, Result> results(Map<String, Prepared> runners, long[] nanos) {
    List<String> names = new ArrayList<>(runners.keySet());
    Map<String, Result> results = new LinkedHashMap<>();
    for (int i = 0; i < nanos.length; i++) {
      String name = names.get(i);
      results.put(name, new Result(nanos[i] / 1e6, runners.get(name).algorithm()));
    }
    return results;
  }

  private void probe() {
    for (int i = 0; i < BURSTS; i++) {
      peak = Math.max(peak, probing.size() == 1 ? PeakProbe.burst() : PeakProbe.burst(probing));
    }
  }

  @Override
  public void close() {
    probing.close();
  }
}
