package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.FilterGradientCall;
import java.util.List;

/** A gradient by filter in stages, with its operands while it runs. */
abstract sealed class GradientTask implements Task permits ChunkedTask, FewTiles {

  final Tiling tiling;
  FilterGradientCall call;

  /** Memory of all workers. */
  float[] common;

  int stage;

  GradientTask(Tiling tiling) {
    this.tiling = tiling;
  }

  /** Computes the gradient of these operands. */
  final void run(FilterGradientCall operands, Workers workers) {
    call = operands;
    try {
      workers.run(this);
    } finally {
      call = null;
      common = null;
    }
  }

  /** Calls the transforms and sums until they are compiled. */
  abstract void warmUp();

  /** How the work is cut. */
  abstract List<String> explain();

  /** Floats that all workers have in common. */
  abstract int commonFloats();

  @Override
  public final void begin(int next, int workers, Scratch memory) {
    stage = next;
    common = memory.floats(commonFloats());
  }
}
