package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
    RACE,
    WISDOM
  }

  /** All candidates that the options allow, best first. */
  static List<Candidate> rank(ConvShape shape, ConvOptions options) {
    if (options.algorithm().isPresent()) {
      return List.of(estimated(options.algorithm().get(), shape, options, Reason.PINNED));
    }
    List<Candidate> possible =
        Arrays.stream(Algorithm.values())
            .filter(algorithm -> algorithm.accuracy().compareTo(options.accuracy()) <= 0)
            .filter(algorithm -> algorithm.objection(shape).isEmpty())
            .map(algorithm -> estimated(algorithm, shape, options, Reason.COST_MODEL))
            .toList();
    List<Candidate> candidates = withinWorkspace(possible, options);
    Optional<Candidate> remembered = remembered(shape, options, candidates);
    if (remembered.isPresent()) {
      return List.of(remembered.get());
    }
    List<Candidate> ranked =
        (options.race() ? Race.run(shape, options, candidates) : candidates)
            .stream().sorted(Comparator.comparingDouble(Candidate::score)).toList();
    if (options.race()) {
      options.wisdom().ifPresent(w -> w.remember(shape, options, ranked.getFirst().algorithm));
    }
    return ranked;
  }

  /** The candidate that an earlier race picked, unless the options now rule it out. */
  private static Optional<Candidate> remembered(
      ConvShape shape, ConvOptions options, List<Candidate> candidates) {
    return options
        .wisdom()
        .flatMap(wisdom -> wisdom.pick(shape, options))
        .flatMap(pick -> candidates.stream().filter(c -> c.algorithm == pick).findFirst())
        .map(c -> new Candidate(c.algorithm, c.prepared, c.score, Reason.WISDOM));
  }

  /** Those that keep the workspace limit, or the one that needs least if none does. */
  private static List<Candidate> withinWorkspace(List<Candidate> possible, ConvOptions options) {
    List<Candidate> within =
        possible.stream()
            .filter(candidate -> candidate.workspaceBytes(options) <= options.workspaceLimit())
            .toList();
    return within.isEmpty()
        ? List.of(
            possible.stream()
                .min(Comparator.comparingLong(candidate -> candidate.workspaceBytes(options)))
                .orElseThrow())
        : within;
  }

  /** Scratch memory of all workers, their own and what they have in common. */
  long workspaceBytes(ConvOptions options) {
    int workers = options.workers().size();
    return Float.BYTES
        * ((long) prepared.scratchFloats() * workers + prepared.commonFloats(workers));
  }

  /** Estimated as if one worker did it all, so that the pick does not depend on their number. */
  private static Candidate estimated(
      Algorithm algorithm, ConvShape shape, ConvOptions options, Reason reason) {
    int workers = options.workers().size();
    // An empty batch runs nothing, but its filter is packed like any other.
    ConvShape planned = shape.batch(Math.max(1, shape.batch()));
    ConvAlgorithm prepared = algorithm.prepare(planned, workers);
    double packing = options.repacked() ? prepared.packCost() : 0;
    return new Candidate(algorithm, prepared, prepared.cost(0, 1) + packing, reason);
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
      case WISDOM -> "%s: picked by an earlier race".formatted(algorithm.label());
      case RACE -> "%s: %s, measured %.3f ms".formatted(algorithm.label(), chosen, score);
    };
  }
}
