package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import java.util.Arrays;

/**
 * Multiplies every line along the innermost axis of {@code [plane][outer][inner][16]} with a matrix
 * and turns the axis outermost: {@code [plane][to][outer][16]}.
 *
 * <p>The batch-reduce kernel does the products with the roles of its operands exchanged: the matrix
 * stands where it reads pixels, the line where it reads a filter of 16 output channels.
 */
final class AxisMap implements Task {

  private static final int BLOCK = Layout.BLOCK;
  private static final float[] ZEROS = new float[BLOCK];

  private final BatchReduce kernel = BatchReduce.get();
  private final int planes;
  private final int outer;
  private final int from;
  private final int to;

  /** {@code [from / 16][to][16]}, zero beyond {@code from}. */
  private final float[] matrix;

  private final Taps taps;
  private float[] input;
  private float[] output;

  /**
   * A map of lines.
   *
   * @param matrix {@code [to][from]}
   */
  AxisMap(int planes, int outer, double[][] matrix) {
    this.planes = planes;
    this.outer = outer;
    to = matrix.length;
    from = matrix[0].length;
    int blocks = Layout.blocks(from);
    this.matrix = new float[blocks * to * BLOCK];
    int[] pixels = new int[blocks];
    int[] lines = new int[blocks];
    for (int b = 0; b < blocks; b++) {
      pixels[b] = b * to * BLOCK;
      lines[b] = b * BLOCK * BLOCK;
    }
    taps = new Taps(pixels, lines);
    for (int j = 0; j < to; j++) {
      for (int i = 0; i < from; i++) {
        this.matrix[(i / BLOCK * to + j) * BLOCK + i % BLOCK] = (float) matrix[j][i];
      }
    }
  }

  /** Floats of the output. */
  int outputFloats() {
    return planes * outer * to * BLOCK;
  }

  void run(float[] source, float[] target, Workers workers) {
    input = source;
    output = target;
    workers.run(this);
    input = null;
    output = null;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    int line = from * BLOCK;
    int padded = Layout.blocks(from) * BLOCK * BLOCK;
    float[] memory = scratch.floats(padded);
    Arrays.fill(memory, line, padded, 0f);
    int units = planes * outer;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      System.arraycopy(input, unit * line, memory, 0, line);
      int place = (unit / outer * to * outer + unit % outer) * BLOCK;
      kernel.pixels(
          BLOCK,
          1,
          to,
          matrix,
          0,
          taps,
          memory,
          0,
          ZEROS,
          0,
          0,
          BLOCK,
          output,
          place,
          outer * BLOCK,
          BLOCK);
    }
  }
}
