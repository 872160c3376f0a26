package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;

/** The sums of products of the gradient by filter through Winograd's algorithm. */
record ProductKernel(boolean adds, int blocks, Operands operands) implements PixelSum {

  /** Enough pixels a product that loading and storing the accumulators hardly counts. */
  private static final int PIXELS = 112;

  private static final int PRODUCTS = 8;

  private static final int BLOCK = BatchReduce.BLOCK;

  @SuppressWarnings("ArrayRecordComponent") // operands, never compared
  private record Operands(float[] in, float[] gradient, float[] out) {}

  static List<ProductKernel> all() {
    List<ProductKernel> kernels = new ArrayList<>();
    for (boolean adds : new boolean[] {false, true}) {
      for (int blocks = 1; blocks <= FilterReduce.get().tileBlocks(); blocks++) {
        Data data = new Data(1);
        Operands operands =
            new Operands(
                data.reals(PIXELS * BLOCK),
                data.reals(PIXELS * BLOCK),
                new float[blocks * FilterReduce.ROWS * BLOCK]);
        kernels.add(new ProductKernel(adds, blocks, operands));
      }
    }
    return kernels;
  }

  @Override
  public String family() {
    return "filter products";
  }

  @Override
  public String variant() {
    return "%s, %d blocks".formatted(adds ? "adds" : "begins", blocks);
  }

  @Override
  public double expected() {
    return Expectation.fraction(
        FilterReduce.get().tileRows(), FilterReduce.get().tileVectors(blocks));
  }

  @Override
  public long flops() {
    return 2L * PRODUCTS * PIXELS * FilterReduce.ROWS * blocks * BLOCK;
  }

  @Override
  public void run(int calls) {
    for (int i = 0; i < calls; i++) {
      FilterReduce.get()
          .products(
              adds,
              PRODUCTS,
              PIXELS,
              blocks,
              operands.in,
              0,
              0,
              0,
              operands.gradient,
              0,
              0,
              operands.out,
              0,
              blocks * BLOCK,
              0);
    }
  }
}
