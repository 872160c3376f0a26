package dev.lanewise.verify.check;

import java.util.function.Supplier;

/**
 * A value that several checks need, computed when the first of them asks; for one thread.
 *
 * @param <T> its type
 */
public final class Lazy<T> implements Supplier<T> {

  private final Supplier<T> source;
  private T value;

  private Lazy(Supplier<T> source) {
    this.source = source;
  }

  /** A value from a source that is asked once, or again where it throws. */
  public static <T> Lazy<T> of(Supplier<T> source) {
    return new Lazy<>(source);
  }

  @Override
  public T get() {
    if (value == null) {
      value = source.get();
    }
    return value;
  }
}
