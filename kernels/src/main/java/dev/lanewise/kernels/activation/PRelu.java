package dev.lanewise.kernels.activation;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;

/**
 * PReLU, {@code f(x) = x}, or {@code slope x} where x is not positive, with a learnt slope for each
 * channel (He et al. 2015), over NCHW16C activations.
 *
 * <p>A plan is immutable and safe for concurrent callers; its runs allocate nothing. Gradients of
 * slopes are summed over pieces that follow from the shape alone, so that their bits do not depend
 * on the number of threads.
 */
public final class PRelu {

  private static final int BLOCK = Layout.BLOCK;

  /** Pixels of a piece. */
  private static final int PIECE = 256;

  private final Workers workers;
  private final int channels;
  private final int blocks;
  private final int pixels;
  private final int pieces;
  private final int planes;
  private final Spare<Call> calls = new Spare<>(Call::new);

  private PRelu(int[] dims, Workers workers) {
    Layout.NCHW16C.length(dims);
    this.workers = Objects.requireNonNull(workers, "workers");
    channels = dims[1];
    blocks = Layout.blocks(channels);
    planes = dims[0] * blocks;
    pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    pieces = Math.ceilDiv(pixels, PIECE);
  }

  /**
   * Plans a PReLU.
   *
   * @param dims {@code [batch, channels, spatial...]}
   * @throws IllegalArgumentException if a dimension is out of range
   */
  public static PRelu of(int[] dims, Workers workers) {
    return new PRelu(dims, workers);
  }

  /** Floats of the input, and of the output. */
  public int length() {
    return planes * pixels * BLOCK;
  }

  /**
   * Applies the function.
   *
   * @param x NCHW16C
   * @param slope one for each channel
   * @param y NCHW16C, overwritten; may be {@code x}
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] x, float[] slope, float[] y) {
    Check.length("y", y, length());
    call(x, slope, null, y, null);
  }

  /**
   * Carries a gradient back through a run.
   *
   * @param x of the run
   * @param slope of the run
   * @param dy gradient of y
   * @param dx gradient of x, overwritten; may be {@code dy}
   * @param dSlope gradient of the slopes, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public void backward(float[] x, float[] slope, float[] dy, float[] dx, float[] dSlope) {
    Check.length("dy", dy, length());
    Check.length("dx", dx, length());
    Check.length("dSlope", dSlope, channels);
    call(x, slope, dy, dx, dSlope);
  }

  private void call(float[] x, float[] slope, float[] dy, float[] out, float[] dSlope) {
    Check.length("x", x, length());
    Check.length("slope", slope, channels);
    Call call = calls.take();
    System.arraycopy(slope, 0, call.slopes, 0, channels);
    call.x = x;
    call.dy = dy;
    call.out = out;
    workers.run(call);
    if (dSlope != null) {
      call.combine(dSlope);
    }
    call.x = null;
    call.dy = null;
    call.out = null;
    calls.give(call);
  }

  /** One call, divided by pieces of planes; the loops over 16 lanes are ones that C2 vectorises. */
  private final class Call implements Task {
    private final float[] slopes = new float[blocks * BLOCK];
    private final float[] partial = new float[planes * pieces * BLOCK];
    private float[] x;
    private float[] dy;
    private float[] out;

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int units = planes * pieces;
      int end = Workers.start(units, worker + 1, count);
      for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
        int plane = unit / pieces;
        int first = unit % pieces * PIECE;
        int from = (plane * pixels + first) * BLOCK;
        int to = from + Math.min(PIECE, pixels - first) * BLOCK;
        if (dy == null) {
          forward(from, to, plane % blocks * BLOCK);
        } else {
          backward(from, to, plane % blocks * BLOCK, unit * BLOCK);
        }
      }
    }

    private void forward(int from, int to, int slope) {
      for (int i = from; i < to; i += BLOCK) {
        for (int c = 0; c < BLOCK; c++) {
          float value = x[i + c];
          out[i + c] = value > 0 ? value : value * slopes[slope + c];
        }
      }
    }

    private void backward(int from, int to, int slope, int sums) {
      Arrays.fill(partial, sums, sums + BLOCK, 0);
      for (int i = from; i < to; i += BLOCK) {
        for (int c = 0; c < BLOCK; c++) {
          float value = x[i + c];
          float gradient = dy[i + c];
          partial[sums + c] += value > 0 ? 0 : value * gradient;
          out[i + c] = value > 0 ? gradient : gradient * slopes[slope + c];
        }
      }
    }

    private void combine(float[] dSlope) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int plane = c / BLOCK; plane < planes; plane += blocks) {
          for (int p = 0; p < pieces; p++) {
            sum += partial[(plane * pieces + p) * BLOCK + c % BLOCK];
          }
        }
        dSlope[c] = (float) sum;
      }
    }
  }
}
