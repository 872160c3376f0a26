package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.kernels.simd.PixelTable;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;

/** A sum of the gradient by filter over a table of pixels. */
record FilterKernel(boolean adds, int blocks, Operands operands) implements PixelSum {

  /** Enough pixels a call that loading and storing the accumulators hardly counts. */
  private static final int PIXELS = 896;

  /** Pixels that the table goes through: 7 kB of inputs and of gradients. */
  private static final int SHARED = 112;

  private static final int BLOCK = BatchReduce.BLOCK;

  @SuppressWarnings("ArrayRecordComponent") // operands, never compared
  private record Operands(PixelTable pixels, float[] in, float[] gradient, float[] out) {}

  static List<FilterKernel> all() {
    List<FilterKernel> kernels = new ArrayList<>();
    for (boolean adds : new boolean[] {false, true}) {
      for (int blocks = 1; blocks <= FilterReduce.get().tileBlocks(); blocks++) {
        kernels.add(of(adds, blocks));
      }
    }
    return kernels;
  }

  private static FilterKernel of(boolean adds, int blocks) {
    Data data = new Data(1);
    int[] places = new int[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      places[i] = i % SHARED * BLOCK;
    }
    Operands operands =
        new Operands(
            new PixelTable(places, places),
            data.reals(SHARED * BLOCK),
            data.reals(SHARED * BLOCK),
            new float[blocks * FilterReduce.ROWS * BLOCK]);
    return new FilterKernel(adds, blocks, operands);
  }

  @Override
  public String family() {
    return "filter gradient";
  }

  @Override
  public String variant() {
    return "%s, %d blocks".formatted(adds ? "adds" : "begins", blocks);
  }

  @Override
  public double expected() {
    return Expectation.ofTable(
        FilterReduce.get().tileRows(), FilterReduce.get().tileVectors(blocks));
  }

  @Override
  public long flops() {
    return 2L * PIXELS * FilterReduce.ROWS * blocks * BLOCK;
  }

  @Override
  public void run(int calls) {
    for (int i = 0; i < calls; i++) {
      FilterReduce.get()
          .sum(
              adds,
              blocks,
              operands.in,
              0,
              0,
              operands.gradient,
              0,
              operands.pixels,
              operands.out,
              0,
              BLOCK,
              FilterReduce.ROWS * BLOCK);
    }
  }
}
