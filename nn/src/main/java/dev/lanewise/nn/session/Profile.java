package dev.lanewise.nn.session;

import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the time of a session goes.
 *
 * @param steps in order
 * @param nanoseconds of a whole run, the best of those measured
 */
public record Profile(List<Step> steps, long nanoseconds) {

  /** The algorithm of a step that only changes the layout. */
  static final String REORDER = "reorder";

  /** Copies the list. */
  public Profile {
    steps = List.copyOf(steps);
  }

  /**
   * The better times of this profile and another of the same session.
   *
   * @throws IllegalArgumentException if their steps are others
   */
  public Profile best(Profile other) {
    Check.that(
        steps.stream()
            .map(Step::name)
            .toList()
            .equals(other.steps.stream().map(Step::name).toList()),
        "profiles of %d and %d steps are not of the same session",
        steps.size(),
        other.steps.size());
    List<Step> best = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step own = steps.get(i);
      Step its = other.steps.get(i);
      best.add(own.nanoseconds <= its.nanoseconds ? own : its);
    }
    return new Profile(best, Math.min(nanoseconds, other.nanoseconds));
  }

  /**
   * A step of a session.
   *
   * @param name of the first layer that it computes
   * @param algorithm that computes it
   * @param output shape of what it makes
   * @param nanoseconds the best of the runs
   * @param multiplyAdds of the direct definition
   * @param bytes of its inputs, filters and output
   */
  public record Step(
      String name,
      String algorithm,
      List<Integer> output,
      long nanoseconds,
      long multiplyAdds,
      long bytes) {

    /** Copies the list. */
    public Step {
      output = List.copyOf(output);
    }

    /** Whether it does nothing but bring values to another layout. */
    public boolean reorders() {
      return algorithm.equals(REORDER);
    }

    /** Billions of additions and multiplications a second, by the direct definition. */
    public double gigaflops() {
      return 2.0 * multiplyAdds / nanoseconds;
    }
  }
}
