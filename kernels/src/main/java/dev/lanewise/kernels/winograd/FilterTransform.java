package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Lanes;
import java.util.List;
import java.util.stream.Stream;

/**
 * Transforms a filter by {@code G g G^T}, in double and rounded once, and lays it out as the
 * batch-reduce kernel reads it; the same bits with and without vectors.
 *
 * <p>Layout: {@code [group][product][pair of output blocks][depth tap, input block][16][32]}; a
 * single last block has 16 columns.
 */
final class FilterTransform {

  private static final int BLOCK = Tiling.BLOCK;

  private final Tiling tiling;

  /** {@code [product][tap]}: the Kronecker product of both axes' matrices. */
  private final double[] weights;

  /** Taps of a plane of the kernel. */
  private final int taps;

  /** For each worker. */
  private final List<Spare<Scratch>> scratches;

  /**
   * What a worker needs for 16 by 16 channels.
   *
   * @param block {@code [in][tap][16 output channels]}
   * @param sums {@code [in][16 output channels]} of a product
   * @param rounded the same
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scratch(double[] block, double[] sums, float[] rounded) {

    static Scratch of(int taps) {
      return new Scratch(
          new double[BLOCK * taps * BLOCK], new double[BLOCK * BLOCK], new float[BLOCK * BLOCK]);
    }
  }

  /**
   * Prepares the transform.
   *
   * @param workers how many workers will share it
   */
  FilterTransform(Tiling tiling, int workers) {
    this.tiling = tiling;
    double[][] columns = tiling.height.transform.filter();
    double[][] rows = tiling.width.transform.filter();
    int columnTaps = rows[0].length;
    taps = columns[0].length * columnTaps;
    scratches = Stream.generate(() -> new Spare<>(() -> Scratch.of(taps))).limit(workers).toList();
    weights = new double[tiling.products * taps];
    for (int i = 0; i < weights.length; i++) {
      int p = i / taps;
      int t = i % taps;
      weights[i] = columns[p / rows.length][t / columnTaps] * rows[p % rows.length][t % columnTaps];
    }
  }

  /** Floats of one product of one channel group. */
  static long productFloats(Tiling tiling) {
    return (long) tiling.terms * BLOCK * tiling.outBlocks * BLOCK;
  }

  /** Floats of the whole packed filter. */
  static long floats(Tiling tiling) {
    return productFloats(tiling) * tiling.products * tiling.groups;
  }

  /**
   * Transforms a worker's share, 16 by 16 channels at a time, product by product: the planes of
   * products lie at the same places of the caches, and would evict each other.
   */
  void pack(float[] filter, float[] packed, int worker, int workers) {
    ConvShape shape = tiling.shape;
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    int depth = tiling.depth.kernel();
    Spare<Scratch> memory = scratches.get(worker % scratches.size());
    Scratch scratch = memory.take();
    int units = Math.ceilDiv(shape.outChannels(), BLOCK) * tiling.inBlocks;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int out = unit / tiling.inBlocks * BLOCK;
      int in = unit % tiling.inBlocks * BLOCK;
      int outs = Math.min(BLOCK, outPerGroup - out % outPerGroup);
      int ins = Math.min(BLOCK, inPerGroup - in);
      int group = out / outPerGroup * tiling.products * (int) productFloats(tiling);
      for (int d = 0; d < depth; d++) {
        for (int i = 0; i < ins; i++) {
          int from = ((out * inPerGroup + in + i) * depth + d) * taps;
          gather(filter, from, inPerGroup * depth * taps, outs, scratch.block, i * taps * BLOCK);
        }
        int term = d * tiling.inBlocks * BLOCK + in;
        transform(scratch, ins, packed, group + place(out % outPerGroup, term), width(out));
      }
    }
    memory.give(scratch);
  }

  /** The taps of some output channels as {@code [tap][16]}, zeros in the lanes beyond them. */
  private void gather(float[] filter, int from, int stride, int outs, double[] block, int to) {
    for (int c = 0; c < BLOCK; c++) {
      int at = from + c * stride;
      for (int t = 0; t < taps; t++) {
        block[to + t * BLOCK + c] = c < outs ? filter[at + t] : 0;
      }
    }
  }

  /** Columns of the pair of blocks in which an output channel lies. */
  private int width(int out) {
    int outPerGroup = tiling.shape.outChannels() / tiling.shape.groups();
    int pair = out % outPerGroup / (2 * BLOCK);
    return Math.min(2, tiling.outBlocks - 2 * pair) * BLOCK;
  }

  /** Where an output channel and a term of its group lie within a product. */
  private int place(int out, int term) {
    int pair = out / (2 * BLOCK);
    int width = Math.min(2, tiling.outBlocks - 2 * pair) * BLOCK;
    return (pair * 2 * tiling.terms * BLOCK + term / BLOCK * width) * BLOCK
        + term % BLOCK * width
        + out % (2 * BLOCK);
  }

  private void transform(Scratch scratch, int ins, float[] packed, int to, int row) {
    int plane = (int) productFloats(tiling);
    for (int p = 0; p < tiling.products; p++) {
      sums(p * taps, scratch.block, ins, scratch.sums);
      for (int i = 0; i < ins * BLOCK; i++) {
        scratch.rounded[i] = (float) scratch.sums[i];
      }
      Blocks.copy(scratch.rounded, 0, BLOCK, packed, to + p * plane, row, ins);
    }
  }

  private void sums(int weight, double[] block, int ins, double[] sums) {
    if (Lanes.vectorised()) {
      VectorFilterTransform.sums(weights, weight, taps, block, ins, sums);
      return;
    }
    for (int i = 0; i < ins; i++) {
      for (int c = 0; c < BLOCK; c++) {
        sums[i * BLOCK + c] = sum(weight, block, i * taps * BLOCK + c);
      }
    }
  }

  private double sum(int weight, double[] block, int from) {
    double sum = 0;
    for (int t = 0; t < taps; t++) {
      sum = Lanes.fma(weights[weight + t], block[from + t * BLOCK], sum);
    }
    return sum;
  }
}
