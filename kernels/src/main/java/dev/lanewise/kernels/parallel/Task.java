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
}
