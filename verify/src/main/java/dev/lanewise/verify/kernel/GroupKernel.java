package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.GroupReduce;
import dev.lanewise.kernels.simd.GroupTaps;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A strip of output pixels of narrow channel groups. */
record GroupKernel(int columns, int pixels, Operands operands) implements MicroKernel {

  /** Enough taps a call that loading and storing the accumulators hardly counts. */
  private static final int TAPS = 64;

  private static final int BLOCK = BatchReduce.BLOCK;

  @SuppressWarnings("ArrayRecordComponent") // operands, never compared
  private record Operands(GroupTaps taps, float[] in, float[] filter, float[] init, float[] out) {}

  static List<GroupKernel> all() {
    List<GroupKernel> kernels = new ArrayList<>();
    for (int columns = 1; columns <= GroupTaps.MOST_COLUMNS; columns++) {
      for (int pixels = 1; pixels <= GroupReduce.get().maxPixels(); pixels++) {
        Data data = new Data(1);
        int[] zeros = new int[TAPS];
        int[] lanes = IntStream.range(0, BLOCK).toArray();
        Operands operands =
            new Operands(
                new GroupTaps(columns, zeros, zeros, zeros, lanes),
                data.reals((pixels + columns - 1) * BLOCK),
                data.reals(columns * BLOCK),
                new float[BLOCK],
                new float[pixels * BLOCK]);
        kernels.add(new GroupKernel(columns, pixels, operands));
      }
    }
    return kernels;
  }

  @Override
  public String family() {
    return "groups";
  }

  @Override
  public String tile() {
    return pixels + "x1";
  }

  @Override
  public String variant() {
    return columns + " columns";
  }

  @Override
  public double expected() {
    return Expectation.ofGroups(pixels, columns);
  }

  @Override
  public long flops() {
    return 2L * TAPS * pixels * columns * BLOCK;
  }

  @Override
  public void run(int calls) {
    for (int i = 0; i < calls; i++) {
      GroupReduce.get()
          .strip(
              pixels,
              operands.in,
              0,
              operands.taps,
              operands.filter,
              0,
              operands.init,
              0,
              0,
              operands.out,
              0);
    }
  }
}
