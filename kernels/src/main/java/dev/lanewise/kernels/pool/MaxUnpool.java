package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;

/**
 * Puts pooled maxima back to where they were found and zero elsewhere, over NCHW16C activations
 * (Zeiler and Fergus 2014).
 *
 * <p>Where windows overlap and several maxima have one place, the last in memory order stays. A
 * plan is immutable and safe for concurrent callers; its runs allocate nothing.
 */
public final class MaxUnpool {

  private final Workers workers;
  private final int planes;
  private final int pixels;
  private final int outPixels;
  private final Spare<Call> calls = new Spare<>(Call::new);

  private MaxUnpool(int[] dims, int[] outputSize, Workers workers) {
    this.workers = Objects.requireNonNull(workers, "workers");
    Layout.NCHW16C.length(dims);
    Check.that(
        outputSize.length == dims.length - 2,
        "an output of %d spatial dimensions, not %d",
        dims.length - 2,
        outputSize.length);
    int[] outputDims = dims.clone();
    System.arraycopy(outputSize, 0, outputDims, 2, outputSize.length);
    Layout.NCHW16C.length(outputDims);
    planes = dims[0] * Layout.blocks(dims[1]);
    pixels = PoolIndices.pixels(dims);
    outPixels = PoolIndices.pixels(outputDims);
  }

  /**
   * Plans an unpooling.
   *
   * @param dims {@code [batch, channels, spatial...]} of the pooled maxima
   * @param outputSize spatial dimensions of the result: those of the pooling's input
   * @throws IllegalArgumentException if a dimension is out of range
   */
  public static MaxUnpool of(int[] dims, int[] outputSize, Workers workers) {
    return new MaxUnpool(dims, outputSize, workers);
  }

  /** Floats of the maxima, and number of indices. */
  public int inputLength() {
    return planes * pixels * Layout.BLOCK;
  }

  /** Floats of the result. */
  public int outputLength() {
    return planes * outPixels * Layout.BLOCK;
  }

  /**
   * Unpools.
   *
   * @param x maxima, NCHW16C
   * @param indices of {@link PoolPlan#runWithIndices}
   * @param y NCHW16C, overwritten; another array than {@code x}
   * @throws IllegalArgumentException if a length is wrong, an index lies outside its plane, or both
   *     are one array
   */
  public void run(float[] x, int[] indices, float[] y) {
    Check.distinct("x", x, "y", y);
    call(false, x, indices, y);
  }

  /**
   * Carries a gradient back through a run.
   *
   * @param indices of the run
   * @param dy gradient of y
   * @param dx gradient of x, overwritten; another array than {@code dy}
   * @throws IllegalArgumentException as {@link #run} does
   */
  public void backward(int[] indices, float[] dy, float[] dx) {
    Check.distinct("dx", dx, "dy", dy);
    call(true, dx, indices, dy);
  }

  private void call(boolean backward, float[] pooled, int[] indices, float[] unpooled) {
    Check.length("pooled", pooled, inputLength());
    Check.length("unpooled", unpooled, outputLength());
    Check.that(
        indices.length == inputLength(),
        "indices needs %d ints, has %d",
        inputLength(),
        indices.length);
    Call call = calls.take();
    call.backward = backward;
    call.pooled = pooled;
    call.indices = indices;
    call.unpooled = unpooled;
    try {
      workers.run(call);
    } finally {
      call.pooled = null;
      call.indices = null;
      call.unpooled = null;
      calls.give(call);
    }
  }

  /** One call, divided by planes. */
  private final class Call implements Task {
    private boolean backward;
    private float[] pooled;
    private int[] indices;
    private float[] unpooled;

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int end = Workers.start(planes, worker + 1, count);
      for (int plane = Workers.start(planes, worker, count); plane < end; plane++) {
        int from = plane * pixels * Layout.BLOCK;
        int to = plane * outPixels * Layout.BLOCK;
        if (backward) {
          for (int i = from; i < from + pixels * Layout.BLOCK; i++) {
            pooled[i] = unpooled[place(to, i)];
          }
        } else {
          Arrays.fill(unpooled, to, to + outPixels * Layout.BLOCK, 0);
          for (int i = from; i < from + pixels * Layout.BLOCK; i++) {
            unpooled[place(to, i)] = pooled[i];
          }
        }
      }
    }

    private int place(int plane, int i) {
      int index = indices[i];
      if (index < 0 || index >= outPixels) {
        throw new IllegalArgumentException(
            "index %d lies outside a plane of %d pixels".formatted(index, outPixels));
      }
      return plane + index * Layout.BLOCK + i % Layout.BLOCK;
    }
  }
}
