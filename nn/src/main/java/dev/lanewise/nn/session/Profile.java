package dev.lanewise.nn.session;

import java.util.List;

/**
 * Where the time of a session goes.
 *
 * @param steps in order
 * @param nanoseconds of a whole run, the best of those measured
 */
public record Profile(List<Step> steps, long nanoseconds) {

  /** Copies the list. */
  public Profile {
    steps = List.copyOf(steps);
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

    /** Billions of additions and multiplications a second, by the direct definition. */
    public double gigaflops() {
      return 2.0 * multiplyAdds / nanoseconds;
    }
  }
}
