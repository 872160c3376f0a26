package dev.lanewise.kernels.parallel;

import dev.lanewise.kernels.shape.Check;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A small pool of threads with static partition: every worker runs the same task once and takes its
 * own share by its number.
 *
 * <p>The calling thread is worker 0. Idle threads spin briefly, so that the layers of a network
 * follow each other without a wake-up, then park. One task runs at a time; further callers wait.
 * Running a task allocates nothing; a task of several stages meets between them. The threads are
 * daemons and stop with {@link #close()}.
 */
public final class Workers implements AutoCloseable {

  /** About 50 microseconds: longer than the gap between two layers, shorter than a time slice. */
  private static final int SPINS = 2_000;

  private static final int CLOSED = -1;

  /** More than any machine has use for; a larger number is a mistake. */
  private static final int MOST_THREADS = 4096;

  private static final String PROPERTY = "lanewise.threads";

  private static Workers sharedPool;

  private final ReentrantLock busy = new ReentrantLock();
  private final Thread[] threads;
  private final Scratch[] scratches;
  private final Scratch common = new Scratch();
  private final AtomicInteger pending = new AtomicInteger();
  private Task task;
  private volatile Throwable failure;
  private volatile int generation;
  private volatile Thread waiting;

  private Workers(int size) {
    Check.positive("threads", size);
    Check.that(size <= MOST_THREADS, "threads must be at most %d, not %d", MOST_THREADS, size);
    scratches = new Scratch[size];
    threads = new Thread[size - 1];
    for (int i = 0; i < size; i++) {
      scratches[i] = new Scratch();
    }
    for (int i = 1; i < size; i++) {
      int worker = i;
      threads[i - 1] =
          Thread.ofPlatform().daemon().name("lanewise-" + i).start(() -> serve(worker));
    }
  }

  /**
   * The pool that plans use unless they are given another: one worker a processor of the container,
   * or as many as the system property {@code lanewise.threads} says. It is never closed.
   *
   * @throws IllegalArgumentException if the property is not a number of threads
   */
  public static synchronized Workers shared() {
    if (sharedPool == null) {
      sharedPool = new Workers(sharedSize(System.getProperty(PROPERTY)));
    }
    return sharedPool;
  }

  static int sharedSize(String property) {
    if (property == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    Check.that(
        property.matches("[1-9][0-9]{0,3}"),
        "%s must be a whole number from 1 to %d, not '%s'",
        PROPERTY,
        MOST_THREADS,
        property);
    return Integer.parseInt(property);
  }

  /**
   * A pool of its own.
   *
   * @param threads workers, the calling thread included
   * @throws IllegalArgumentException if {@code threads} is below 1 or above 4096
   */
  public static Workers of(int threads) {
    return new Workers(threads);
  }

  /** Number of workers, the calling thread included. */
  public int size() {
    return scratches.length;
  }

  /** Where a worker's share of {@code units} begins; it ends where the next worker's begins. */
  public static int start(int units, int worker, int workers) {
    return (int) ((long) units * worker / workers);
  }

  /**
   * Runs a task on every worker and returns when all are done.
   *
   * @throws IllegalStateException if the pool is closed, or the task calls this pool again
   * @throws RuntimeException or an Error: one that a worker threw
   */
  public void run(Task work) {
    Objects.requireNonNull(work, "work");
    lock();
    try {
      if (generation == CLOSED) {
        throw new IllegalStateException("these workers are closed");
      }
      int stages = work.stages(scratches.length);
      for (int stage = 0; stage < stages; stage++) {
        work.begin(stage, scratches.length, common);
        if (threads.length == 0) {
          work.run(0, 1, scratches[0]);
        } else {
          runOnAll(work);
        }
      }
    } finally {
      busy.unlock();
    }
  }

  /**
   * Runs what is too little to wake others for, on the calling thread.
   *
   * @param work is given the memory that the workers have in common, for as long as it runs
   * @throws IllegalStateException if a task of this pool calls it
   */
  public void alone(Consumer<Scratch> work) {
    Objects.requireNonNull(work, "work");
    lock();
    try {
      work.accept(common);
    } finally {
      busy.unlock();
    }
  }

  /** Waits until no task runs. */
  private void lock() {
    if (busy.isHeldByCurrentThread() || isWorker(Thread.currentThread())) {
      throw new IllegalStateException("a task must not run another task on its own pool");
    }
    busy.lock();
  }

  private boolean isWorker(Thread thread) {
    for (Thread worker : threads) {
      if (worker.equals(thread)) {
        return true;
      }
    }
    return false;
  }

  private void runOnAll(Task work) {
    task = work;
    waiting = Thread.currentThread();
    pending.set(threads.length);
    generation = (generation + 1) & Integer.MAX_VALUE;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    share(0, work);
    for (int spins = 0; pending.get() > 0; spins++) {
      pause(spins);
    }
    waiting = null;
    task = null;
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      Workers.<RuntimeException>rethrow(thrown);
    }
  }

  private void serve(int worker) {
    int seen = 0;
    while (true) {
      int spins = 0;
      int current = generation;
      while (current == seen) {
        pause(spins++);
        current = generation;
      }
      if (current == CLOSED) {
        return;
      }
      seen = current;
      share(worker, task);
      if (pending.decrementAndGet() == 0) {
        LockSupport.unpark(waiting);
      }
    }
  }

  private void share(int worker, Task work) {
    try {
      work.run(worker, scratches.length, scratches[worker]);
    } catch (Throwable thrown) {
      failure = thrown;
    }
  }

  private void pause(int spins) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.park(this);
    }
  }

  /** Memory that the workers keep for tasks, their own and what they have in common. */
  public long scratchBytes() {
    busy.lock();
    try {
      long bytes = common.bytes();
      for (Scratch scratch : scratches) {
        bytes += scratch.bytes();
      }
      return bytes;
    } finally {
      busy.unlock();
    }
  }

  private boolean isShared() {
    synchronized (Workers.class) {
      return this == sharedPool;
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** Stops the threads once the running task is done. Closing twice has no effect. */
  @Override
  public void close() {
    if (isShared()) {
      throw new IllegalStateException("the shared workers cannot be closed");
    }
    busy.lock();
    try {
      generation = CLOSED;
      for (Thread thread : threads) {
        LockSupport.unpark(thread);
      }
    } finally {
      busy.unlock();
    }
  }
}
