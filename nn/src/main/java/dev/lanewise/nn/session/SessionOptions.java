package dev.lanewise.nn.session;

import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.Wisdom;
import dev.lanewise.kernels.shape.Check;
import java.util.Objects;
import java.util.Optional;

/**
 * How a session computes.
 *
 * @param threads of its own, which {@link Session#close} ends; 0 for the shared ones
 * @param accuracy how much more than direct summation its convolutions may round
 * @param race whether algorithms are chosen by measuring them instead of by estimates
 * @param wisdom picks to use, and to add to where a race is held
 * @param warm whether kernels are called while filters are packed until the JVM has compiled them:
 *     without, the first run is a hundred times slower than later ones
 */
public record SessionOptions(
    int threads, Accuracy accuracy, boolean race, Optional<Wisdom> wisdom, boolean warm) {

  /** Validates. */
  public SessionOptions {
    Check.notNegative("threads", threads);
    Objects.requireNonNull(accuracy, "accuracy");
    Objects.requireNonNull(wisdom, "wisdom");
  }

  /** The shared threads, {@link Accuracy#DEFAULT}, no race, cold. */
  public static SessionOptions defaults() {
    return new SessionOptions(0, Accuracy.DEFAULT, false, Optional.empty(), false);
  }

  /** These options with threads of the session's own. */
  public SessionOptions withThreads(int value) {
    return new SessionOptions(value, accuracy, race, wisdom, warm);
  }

  /** These options with another bound of rounding error. */
  public SessionOptions withAccuracy(Accuracy value) {
    return new SessionOptions(threads, value, race, wisdom, warm);
  }

  /** These options with algorithms chosen by measuring all candidates. */
  public SessionOptions withRace() {
    return new SessionOptions(threads, accuracy, true, wisdom, warm);
  }

  /** These options with picks to use. */
  public SessionOptions withWisdom(Wisdom value) {
    return new SessionOptions(threads, accuracy, race, Optional.of(value), warm);
  }

  /** These options with kernels compiled before the first run. */
  public SessionOptions withWarmUp() {
    return new SessionOptions(threads, accuracy, race, wisdom, true);
  }
}
