package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import java.util.function.Consumer;

/**
 * The operands of one {@link ConvAlgorithm#pack}, and the task that the workers share: to bring the
 * filter in another order first, if there is one, in their common memory, and to pack it.
 */
final class PackCall implements Task {

  /** Floats that one worker packs in about half a millisecond: waking others costs some of that. */
  private static final int LEAST_FLOATS = 1 << 18;

  private final ConvAlgorithm algorithm;
  private final FilterOrder order;
  private final int filterLength;
  private final Consumer<Scratch> alone = this::runAlone;
  private float[] filter;
  private float[] arranged;
  private float[] packed;
  private int stage;

  /**
   * Packs filters for an algorithm.
   *
   * @param order in which it wants them, or null if that is their own
   * @param filterLength floats of a filter
   */
  PackCall(ConvAlgorithm algorithm, FilterOrder order, int filterLength) {
    this.algorithm = algorithm;
    this.order = order;
    this.filterLength = filterLength;
  }

  /**
   * Packs, on all workers if it is worth waking them.
   *
   * @param from the filter
   * @param to as in {@link ConvAlgorithm#pack(float[], float[])}
   */
  void run(float[] from, float[] to, Workers workers) {
    boolean small = workers.size() == 1 || algorithm.filterFloats() < LEAST_FLOATS;
    if (small && order == null) {
      algorithm.pack(from, to, 0, 1);
      return;
    }
    filter = from;
    packed = to;
    try {
      if (small) {
        workers.alone(alone);
      } else {
        workers.run(this);
      }
    } finally {
      filter = null;
      arranged = null;
      packed = null;
    }
  }

  private void runAlone(Scratch common) {
    for (int s = 0; s < stages(1); s++) {
      begin(s, 1, common);
      run(0, 1, common);
    }
  }

  @Override
  public int stages(int workers) {
    return order == null ? 1 : 2;
  }

  @Override
  public void begin(int next, int workers, Scratch common) {
    stage = next;
    arranged = order == null ? filter : common.floats(filterLength);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    if (order != null && stage == 0) {
      order.arrange(filter, arranged, worker, workers);
    } else {
      algorithm.pack(arranged, packed, worker, workers);
    }
  }
}
