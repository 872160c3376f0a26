package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.kernels.simd.Pieces;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;

/** A sum of the gradient by filter over runs of pixels. */
record FilterKernel(int inPixel, int blocks, int trip, Operands operands) implements PixelSum {

  /** Enough pixels a call that loading and storing the accumulators hardly counts. */
  private static final int PIXELS = 896;

  /** Pixels that the runs share: 14 kB of inputs and 7 kB of gradients at most. */
  private static final int SHARED = 112;

  private static final int BLOCK = BatchReduce.BLOCK;

  @SuppressWarnings("ArrayRecordComponent") // operands, never compared
  private record Operands(Pieces pieces, float[] in, float[] gradient, float[] out) {}

  static List<FilterKernel> all() {
    List<FilterKernel> kernels = new ArrayList<>();
    int mostBlocks = FilterReduce.get().tileBlocks();
    for (int inPixel = BLOCK; inPixel <= 2 * BLOCK; inPixel += BLOCK) {
      for (int blocks = 1; blocks <= mostBlocks; blocks++) {
        for (int trip : FilterReduce.trips()) {
          kernels.add(of(inPixel, blocks, trip));
        }
      }
    }
    return kernels;
  }

  private static FilterKernel of(int inPixel, int blocks, int trip) {
    Data data = new Data(1);
    int runs = PIXELS / trip;
    int[] input = new int[runs];
    int[] gradient = new int[runs];
    for (int i = 0; i < runs; i++) {
      int pixel = i % (SHARED / trip) * trip;
      input[i] = pixel * inPixel;
      gradient[i] = pixel * BLOCK;
    }
    Operands operands =
        new Operands(
            new Pieces(trip, input, gradient),
            data.reals(SHARED * inPixel),
            data.reals(SHARED * BLOCK),
            new float[blocks * FilterReduce.ROWS * BLOCK]);
    return new FilterKernel(inPixel, blocks, trip, operands);
  }

  @Override
  public String family() {
    return "filter gradient";
  }

  @Override
  public String variant() {
    return "pixel stride %d, %d blocks, runs of %d".formatted(inPixel, blocks, trip);
  }

  @Override
  public long flops() {
    return 2L * operands.pieces.count() * trip * FilterReduce.ROWS * blocks * BLOCK;
  }

  @Override
  public void run(int calls) {
    float[] out = operands.out;
    for (int i = 0; i < calls; i++) {
      FilterReduce.get()
          .sum(
              inPixel,
              blocks,
              operands.in,
              0,
              0,
              operands.gradient,
              0,
              operands.pieces,
              out,
              0,
              BLOCK,
              FilterReduce.ROWS * BLOCK,
              out,
              0,
              BLOCK,
              FilterReduce.ROWS * BLOCK);
    }
  }
}
