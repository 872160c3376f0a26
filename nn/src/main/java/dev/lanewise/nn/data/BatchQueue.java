package dev.lanewise.nn.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The batches of an epoch, in order, some of them prepared ahead by background threads.
 *
 * <p>A batch lies in one of a few slots, which is filled anew once the next batch has been taken:
 * nothing is allocated in a steady state, and no more than the slots is held in memory. Taken from
 * by one thread; {@link #close()} ends the background threads.
 */
public final class BatchQueue implements AutoCloseable {

  /** Slots besides one a thread: one batch in use, one ready. */
  private static final int SPARE_SLOTS = 2;

  /** Prepares a batch. */
  interface Filler {
    Batch fill(int step, Slot slot) throws IOException;
  }

  /** Memory that a batch is prepared in. */
  static final class Slot {
    private final Image image = new Image();
    private float[] array = new float[0];
    private int step = -1;
    private Batch batch;

    Image image() {
      return image;
    }

    /** An array of exactly this length, whatever it holds. */
    float[] array(int length) {
      if (array.length != length) {
        array = new float[length];
      }
      return array;
    }
  }

  private final int end;
  private final Filler filler;
  private final Slot[] slots;
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int nextToFill;
  private int nextToTake;
  private Throwable failure;
  private boolean closed;

  BatchQueue(int first, int end, int threadCount, Filler filler) {
    this.end = end;
    this.filler = filler;
    nextToFill = first;
    nextToTake = first;
    slots = new Slot[threadCount + SPARE_SLOTS];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot();
    }
    for (int i = 0; i < threadCount; i++) {
      threads.add(Thread.ofPlatform().daemon().name("lanewise-loader-" + i).start(this::fillSlots));
    }
  }

  /** Whether there is another batch. */
  public boolean hasNext() {
    return nextToTake < end;
  }

  /**
   * The next batch; the one before loses its values.
   *
   * @throws IOException if an image cannot be read
   * @throws IllegalArgumentException if an image does not fit a step of its augmentation
   * @throws IllegalStateException if there is none, or the queue is closed
   */
  public Batch next() throws IOException {
    if (!hasNext()) {
      throw new IllegalStateException("the epoch has no further batch");
    }
    if (threads.isEmpty()) {
      return filler.fill(nextToTake++, slots[0]);
    }
    lock.lock();
    try {
      Slot slot = slots[nextToTake % slots.length];
      int step = nextToTake++;
      changed.signalAll();
      while (slot.step != step && failure == null && !closed) {
        changed.awaitUninterruptibly();
      }
      if (slot.step == step) {
        return slot.batch;
      }
      throw refusal();
    } finally {
      lock.unlock();
    }
  }

  /** What went wrong, as an exception of the caller's own thread. */
  private IOException refusal() {
    return switch (failure) {
      case null -> throw new IllegalStateException("the queue is closed");
      case IOException io -> new IOException(io.getMessage(), io);
      case IllegalArgumentException wrong ->
          throw new IllegalArgumentException(wrong.getMessage(), wrong);
      default -> throw new IllegalStateException("an image could not be prepared", failure);
    };
  }

  /** What a background thread does: fills one slot after the other, as they become free. */
  private void fillSlots() {
    while (true) {
      int step = claim();
      if (step < 0) {
        return;
      }
      Slot slot = slots[step % slots.length];
      Batch batch = null;
      Throwable thrown = null;
      try {
        batch = filler.fill(step, slot);
      } catch (IOException | RuntimeException | Error unexpected) {
        thrown = unexpected;
      }
      lock.lock();
      try {
        if (thrown == null) {
          slot.batch = batch;
          slot.step = step;
        } else if (failure == null) {
          failure = thrown;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * The next batch to be filled, once its slot is free: the batch before {@code nextToTake} is
   * still in use. Below 0 if there is none.
   */
  private int claim() {
    lock.lock();
    try {
      while (!closed && failure == null && nextToFill < end) {
        if (nextToFill - (nextToTake - 1) < slots.length) {
          return nextToFill++;
        }
        changed.awaitUninterruptibly();
      }
      return -1;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the background threads, and waits until they have. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Thread thread : threads) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException asked) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
