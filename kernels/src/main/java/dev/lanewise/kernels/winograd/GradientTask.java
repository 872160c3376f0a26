package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;

/** A gradient by filter in stages, with its operands while it runs. */
abstract sealed class GradientTask implements Task permits CommonChunks, OwnChunks {

  final Tiling tiling;
  final GradientPlanes planes;
  final GradientChunk chunks;
  float[] input;
  float[] gradOutput;
  float[] gradFilter;

  /** Memory of all workers. */
  float[] common;

  int stage;

  GradientTask(Tiling tiling, GradientPlanes planes, GradientChunk chunks) {
    this.tiling = tiling;
    this.planes = planes;
    this.chunks = chunks;
  }

  /** Computes the gradient of these operands. */
  final void run(float[] x, float[] dy, float[] result, Workers workers) {
    input = x;
    gradOutput = dy;
    gradFilter = result;
    try {
      workers.run(this);
    } finally {
      input = null;
      gradOutput = null;
      gradFilter = null;
      common = null;
    }
  }

  /** Floats that all workers have in common. */
  abstract int commonFloats();

  @Override
  public final void begin(int next, int workers, Scratch memory) {
    stage = next;
    common = memory.floats(commonFloats());
  }
}
