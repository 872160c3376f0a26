package dev.lanewise.kernels.parallel;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Keeps one object that a caller may take for a while, so that a steady state allocates nothing;
 * callers at the same time get objects of their own.
 *
 * @param <T> what is kept, such as the operands of a call
 */
public final class Spare<T> {

  private final AtomicReference<T> idle = new AtomicReference<>();
  private final Supplier<T> supplier;

  /** Keeps what {@code supplier} makes. */
  public Spare(Supplier<T> supplier) {
    this.supplier = supplier;
  }

  /** The object that is kept, or a new one while it is taken. */
  public T take() {
    T object = idle.getAndSet(null);
    return object == null ? supplier.get() : object;
  }

  /** Keeps an object for the next caller. */
  public void give(T object) {
    idle.set(object);
  }
}
