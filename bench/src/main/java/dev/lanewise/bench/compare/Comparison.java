package dev.lanewise.bench.compare;

import dev.lanewise.bench.compare.Report.ReportRow;
import dev.lanewise.bench.compare.Report.Result;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.PeakProbe;
import dev.lanewise.verify.LayerList;
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
  private final Duration budget;
  private final BooleanSupplier stop;
  private final Workers probing;
  private double peak;

  /**
   * @param contenders the libraries, Lanewise first: the others' outputs are compared with its
   * @param threads threads that each may use
   * @param budget time for each library on each problem
   * @param stop ends the comparison soon when it becomes true
   */
  Comparison(List<Peer> contenders, int threads, Duration budget, BooleanSupplier stop) {
    this.contenders = contenders;
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

  /** Compares the libraries on one problem; empty if it was stopped before all were timed. */
  Optional<ReportRow> row(LayerList.Row row) {
    double mflop = 2 * row.shape().multiplyAdds() / 1e6;
    List<Prepared> prepared = new ArrayList<>();
    try {
      Problem problem = Problem.random(row.shape(), probing.size());
      for (Peer contender : contenders) {
        prepared.add(contender.prepare(problem));
      }
      Optional<String> objection = objection(prepared);
      if (objection.isPresent()) {
        return Optional.of(new ReportRow(row.name(), mflop, Map.of(), objection.get()));
      }
      long[] nanos = new Race(budget, this::probe, stop).run(prepared);
      return stop.getAsBoolean()
          ? Optional.empty()
          : Optional.of(new ReportRow(row.name(), mflop, results(prepared, nanos), null));
    } finally {
      prepared.reversed().forEach(Prepared::close);
    }
  }

  private Optional<String> objection(List<Prepared> prepared) {
    prepared.forEach(Prepared::run);
    float[] ours = prepared.getFirst().output();
    for (int i = 1; i < prepared.size(); i++) {
      String name = contenders.get(i).name();
      Optional<String> objection = Agreement.objection(prepared.get(i).output(), ours);
      if (objection.isPresent()) {
        return objection.map(
            text -> contenders.getFirst().name() + " against " + name + ": " + text);
      }
    }
    return Optional.empty();
  }

  private Map<String, Result> results(List<Prepared> prepared, long[] nanos) {
    Map<String, Result> results = new LinkedHashMap<>();
    for (int i = 0; i < nanos.length; i++) {
      String name = contenders.get(i).name();
      String algorithm = name.equals(Report.OURS) ? prepared.get(i).algorithm() : null;
      results.put(name, new Result(nanos[i] / 1e6, algorithm));
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
