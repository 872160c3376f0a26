package dev.lanewise.bench.compare;

import dev.lanewise.nn.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How good the planner's picks are. Its components, by their names, are the JSON that other reports
 * read.
 *
 * @param command the arguments that make the same check again
 * @param machine where it was made
 * @param threads of each plan
 * @param within how far a pick may be behind the best and still count as good, such as 0.1
 * @param good shapes whose pick is within
 * @param shapes in the order of the generator
 */
record PlannerReport(
    String command,
    Report.Where machine,
    int threads,
    double within,
    int good,
    List<Choice> shapes) {

  /**
   * One shape.
   *
   * @param shape its one-line text
   * @param mflop millions of operations of the direct definition
   * @param picked what the cost model picked
   * @param best what was measured fastest
   * @param behind time of the pick over time of the best, minus 1
   * @param candidates all that were allowed, as the cost model ranks them
   */
  record Choice(
      String shape,
      double mflop,
      String picked,
      String best,
      double behind,
      List<Candidate> candidates) {

    static Choice of(String shape, double mflop, List<Candidate> candidates) {
      Candidate picked = candidates.getFirst();
      Candidate best =
          candidates.stream().min(Comparator.comparingDouble(Candidate::ms)).orElseThrow();
      double behind = picked.ms() / best.ms() - 1;
      return new Choice(shape, mflop, picked.algorithm(), best.algorithm(), behind, candidates);
    }
  }

  /**
   * One algorithm on one shape.
   *
   * @param algorithm its name
   * @param cost as the model predicts it, in vector multiply-adds of 16 lanes
   * @param ms measured, the best run
   */
  record Candidate(String algorithm, double cost, double ms) {

    /** Nanoseconds that one unit of the predicted cost took. */
    double nanosPerCost() {
      return ms * 1e6 / cost;
    }
  }

  static PlannerReport of(
      String command, Report.Where machine, int threads, double within, List<Choice> shapes) {
    int good = (int) shapes.stream().filter(choice -> choice.behind() <= within).count();
    return new PlannerReport(command, machine, threads, within, good, shapes);
  }

  /**
   * The share of good picks, what a unit of each algorithm's cost took, and the worst picks.
   *
   * @param worst how many of them to list
   */
  String text(int worst) {
    return "%s: threads %d%n%d of %d picks (%s) are within %s of the best candidate%n%n%s%n%s"
        .formatted(
            machine.cpu(),
            threads,
            good,
            shapes.size(),
            number("%.1f %%", 100.0 * good / Math.max(1, shapes.size())),
            number("%.0f %%", 100 * within),
            algorithms(),
            worst(worst));
  }

  /** A model is as good as the time of a unit of its cost is the same for all algorithms. */
  private Table algorithms() {
    Table table =
        new Table()
            .left("algorithm")
            .right("candidate", "picked", "best")
            .right("ns a unit: 10 %", "median", "90 %");
    Map<String, List<Double>> units = new TreeMap<>();
    for (Choice choice : shapes) {
      for (Candidate candidate : choice.candidates()) {
        units
            .computeIfAbsent(candidate.algorithm(), _ -> new ArrayList<>())
            .add(candidate.nanosPerCost());
      }
    }
    units.forEach(
        (algorithm, nanos) -> {
          List<Double> sorted = nanos.stream().sorted().toList();
          table.row(
              algorithm,
              sorted.size(),
              shapes.stream().filter(choice -> choice.picked().equals(algorithm)).count(),
              shapes.stream().filter(choice -> choice.best().equals(algorithm)).count(),
              number("%.3f", quantile(sorted, 0.1)),
              number("%.3f", quantile(sorted, 0.5)),
              number("%.3f", quantile(sorted, 0.9)));
        });
    return table;
  }

  private static double quantile(List<Double> sorted, double share) {
    return sorted.get((int) Math.round(share * (sorted.size() - 1)));
  }

  private Table worst(int count) {
    Table table =
        new Table().left("shape").right("MFLOP").right("behind").left("candidates: ms (cost)");
    shapes.stream()
        .sorted(Comparator.comparingDouble(Choice::behind).reversed())
        .limit(count)
        .forEach(
            choice ->
                table.row(
                    choice.shape(),
                    number("%.1f", choice.mflop()),
                    number("%.0f %%", 100 * choice.behind()),
                    choice.candidates().stream()
                        .map(
                            candidate ->
                                String.format(
                                    Locale.ROOT,
                                    "%s %.4f (%.0f)",
                                    candidate.algorithm(),
                                    candidate.ms(),
                                    candidate.cost()))
                        .collect(Collectors.joining("  "))));
    return table;
  }

  private static String number(String format, double value) {
    return ReportTable.number(format, value);
  }
}
