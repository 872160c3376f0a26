package dev.lanewise.kernels.parallel;

/** Work that is divided statically among the workers of a pool. */
@FunctionalInterface
public interface Task {

  /**
   * Does one worker's share.
   *
   * @param worker which worker this is, from 0 (the calling thread) to {@code workers - 1}
   * @param workers how many there are
   * @param scratch this worker's own memory
   */
  void run(int worker, int workers, Scratch scratch);

  /**
   * How often {@link #run} is called on every worker: no worker begins a stage before all have
   * ended the one before.
   *
   * @param workers how many there are
   */
  default int stages(int workers) {
    return 1;
  }

  /**
   * Told before each stage, on the calling thread.
   *
   * @param stage which one, from 0
   * @param workers how many workers there are
   * @param common memory that all of them share until the last stage has ended
   */
  default void begin(int stage, int workers, Scratch common) {}
}
