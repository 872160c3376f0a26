package dev.lanewise.nn.session;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;
import dev.lanewise.nn.graph.Value;
import java.util.Arrays;

/** A sum that no convolution takes in, and an activation of it. */
record SumStep(Activation activation, Value a, Value b, Value output, Workers workers)
    implements Step {

  private static final int BLOCK = Layout.BLOCK;

  /** Pixels of a unit of work: 16 kB, so that the activation finds the sum in the caches. */
  private static final int PIECE = 256;

  /** More than a piece takes once compiled, by any activation, and far less than before. */
  private static final long COMPILED_NANOS = 10_000;

  /** What code runs. */
  private record Warm(Class<? extends Activation> activation) {}

  @Override
  public Runnable bind(Memory memory) {
    Task work = new Work(activation, memory.of(a), memory.of(b), memory.of(output), dims());
    return () -> workers.run(work);
  }

  @Override
  public void warmUp() {
    if (Lanes.vectorised()) {
      Slice given = new Slice(new float[PIECE * BLOCK], 0, 0);
      Slice sum = new Slice(new float[PIECE * BLOCK], 0, 0);
      Work work = new Work(activation, given, given, sum, 1, BLOCK, PIECE);
      WarmUp.once(new Warm(activation.getClass()), () -> work.piece(0, 0, 0), COMPILED_NANOS);
    }
  }

  private int[] dims() {
    return Places.dims(output);
  }

  @Override
  public String algorithm() {
    return "sum";
  }

  /** The sum on a caller's memory, divided by pieces of planes. */
  private static final class Work implements Task {
    private final Activation activation;
    private final Slice a;
    private final Slice b;
    private final Slice out;
    private final int channels;
    private final int blocks;
    private final int pixels;
    private final int pieces;
    private final int units;

    Work(Activation activation, Slice a, Slice b, Slice out, int... dims) {
      this.activation = activation;
      this.a = a;
      this.b = b;
      this.out = out;
      channels = dims[1];
      blocks = Layout.blocks(channels);
      pixels = Arrays.stream(dims).skip(2).reduce(1, (x, y) -> x * y);
      pieces = Math.ceilDiv(pixels, PIECE);
      units = dims[0] * blocks * pieces;
    }

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int end = Workers.start(units, worker + 1, count);
      for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
        int plane = unit / pieces;
        piece(plane / blocks, plane % blocks, unit % pieces * PIECE);
      }
    }

    private void piece(int image, int block, int pixel) {
      int length = Math.min(PIECE, pixels - pixel) * BLOCK;
      int within = (block * pixels + pixel) * BLOCK;
      int to = out.first() + image * out.imageStride() + within;
      int from = a.first() + image * a.imageStride() + within;
      System.arraycopy(a.data(), from, out.data(), to, length);
      int other = b.first() + image * b.imageStride() + within;
      Blocks.add(b.data(), other, BLOCK, out.data(), to, BLOCK, length / BLOCK);
      int lanes = Math.min(BLOCK, channels - block * BLOCK);
      Activations.applyBlocked(activation, out.data(), to, to + length, lanes);
    }
  }
}
