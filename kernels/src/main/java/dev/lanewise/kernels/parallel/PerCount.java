package dev.lanewise.kernels.parallel;

import java.util.function.IntFunction;

/**
 * What depends on how many workers share the work, kept for the last number that was asked for: a
 * plan seldom meets another. Any threads may ask.
 */
public final class PerCount<T> {

  private record Known<T>(int workers, T value) {}

  private final IntFunction<T> choose;
  private volatile Known<T> last;

  /**
   * A value to be had.
   *
   * @param choose the value for a number of workers; asked again and again, it gives the same
   */
  public PerCount(IntFunction<T> choose) {
    this.choose = choose;
  }

  /** The value for a number of workers. */
  public T of(int workers) {
    Known<T> known = last;
    if (known == null || known.workers != workers) {
      known = new Known<>(workers, choose.apply(workers));
      last = known;
    }
    return known.value;
  }
}
