package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;

/** The operands of one {@link ConvAlgorithm#pack}, and the task that the workers share. */
final class PackCall implements Task {

  /** Floats that one worker packs in about half a millisecond: waking others costs some of that. */
  private static final int LEAST_FLOATS = 1 << 18;

  private final ConvAlgorithm algorithm;
  private float[] filter;
  private float[] packed;

  PackCall(ConvAlgorithm algorithm) {
    this.algorithm = algorithm;
  }

  /** Packs, on all workers if it is worth waking them. */
  void run(float[] from, float[] to, Workers workers) {
    if (workers.size() == 1 || algorithm.filterFloats() < LEAST_FLOATS) {
      algorithm.pack(from, to, 0, 1);
      return;
    }
    filter = from;
    packed = to;
    try {
      workers.run(this);
    } finally {
      filter = null;
      packed = null;
    }
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    algorithm.pack(filter, packed, worker, workers);
  }
}
