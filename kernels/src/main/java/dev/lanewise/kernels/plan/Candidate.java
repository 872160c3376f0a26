package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * An algorithm under consideration.
 *
 * @param algorithm its name
 * @param prepared the algorithm, prepared for the shape
 * @param score what candidates are ranked by: estimated work, or measured milliseconds
 * @param reason how the score came about
 */
record Candidate(Algorithm algorithm, ConvAlgorithm prepared, double score, Reason reason) {

  /** How a candidate got its score. */
  enum Reason {
    PINNED,
    COST_MODEL,
    RACE
  }

  /** All candidates that the options allow, best first. */
  static List<Candidate> rank(ConvShape shape, ConvOptions options) {
    if (options.algorithm().isPresent()) {
      return List.of(estimated(options.algorithm().get(), shape, options, Reason.PINNED));
    }
    List<Candidate> candidates =
        Arrays.stream(Algorithm.values())
            .map(algorithm -> estimated(algorithm, shape, options, Reason.COST_MODEL))
            .toList();
    List<Candidate> scored = options.race() ? Race.run(shape, options, candidates) : candidates;
    return scored.stream().sorted(Comparator.comparingDouble(Candidate::score)).toList();
  }

  private static Candidate estimated(
      Algorithm algorithm, ConvShape shape, ConvOptions options, Reason reason) {
    ConvAlgorithm prepared = algorithm.prepare(shape, options.workers().size());
    return new Candidate(algorithm, prepared, prepared.cost(), reason);
  }

  /** This candidate with its measured time. */
  Candidate measured(double milliseconds) {
    return new Candidate(algorithm, prepared, milliseconds, Reason.RACE);
  }

  String explain(Candidate best) {
    String chosen = algorithm == best.algorithm ? "chosen" : "passed over";
    return switch (reason) {
      case PINNED -> "%s: pinned by the caller".formatted(algorithm.label());
      case COST_MODEL ->
          "%s: %s, estimated at %.2f times the best"
              .formatted(algorithm.label(), chosen, score / best.score);
      case RACE -> "%s: %s, measured %.3f ms".formatted(algorithm.label(), chosen, score);
    };
  }
}
