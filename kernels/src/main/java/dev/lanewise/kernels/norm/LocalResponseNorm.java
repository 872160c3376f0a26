package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;

/**
 * Local response normalisation across channels (Krizhevsky et al. 2012), over NCHW16C activations:
 * {@code y = x v^-beta} with {@code v = bias + alpha / size * sum of x^2} over a window of channels
 * around x's, as ONNX and PyTorch scale it.
 *
 * <p>The window of an even size reaches one channel further up than down, as ONNX's does. A plan is
 * immutable and safe for concurrent callers; its runs allocate nothing.
 */
public final class LocalResponseNorm {

  private static final int BLOCK = Layout.BLOCK;

  private final int channels;
  private final int blocks;
  private final int pixels;
  private final int units;
  private final int before;
  private final int after;
  private final float alpha;
  private final float beta;
  private final float bias;
  private final Workers workers;
  private final Spare<Call> calls = new Spare<>(Call::new);

  private LocalResponseNorm(
      int[] dims, int size, float alpha, float beta, float bias, Workers workers) {
    Layout.NCHW16C.length(dims);
    Check.positive("size", size);
    Check.that(
        alpha >= 0 && bias > 0 && beta >= 0 && alpha + bias + beta < Float.POSITIVE_INFINITY,
        "alpha and beta must not be negative, bias above 0, all finite: %s, %s, %s",
        alpha,
        beta,
        bias);
    this.workers = Objects.requireNonNull(workers, "workers");
    this.alpha = alpha / size;
    this.beta = beta;
    this.bias = bias;
    channels = dims[1];
    blocks = Layout.blocks(channels);
    pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    units = dims[0] * pixels;
    before = Math.min((size - 1) / 2, channels - 1);
    after = Math.min(size / 2, channels - 1);
  }

  /**
   * Plans a local response norm.
   *
   * @param dims {@code [batch, channels, spatial...]}
   * @param size channels of a window
   * @param alpha weight of the mean square of a window
   * @param beta power
   * @param bias what is added to the mean square; k in PyTorch
   * @throws IllegalArgumentException if a dimension or parameter is out of range
   */
  public static LocalResponseNorm of(
      int[] dims, int size, float alpha, float beta, float bias, Workers workers) {
    return new LocalResponseNorm(dims, size, alpha, beta, bias, workers);
  }

  /** Floats of the input, and of the output. */
  public int length() {
    return units * blocks * BLOCK;
  }

  /**
   * Normalises.
   *
   * @param x NCHW16C
   * @param y NCHW16C, overwritten; may be {@code x}
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] x, float[] y) {
    Check.length("x", x, length());
    Check.length("y", y, length());
    call(x, 0, imageLength(), null, y, 0, imageLength());
  }

  /**
   * Normalises from and into channel slices of wider images.
   *
   * @param y overwritten; may be {@code x}
   * @throws IllegalArgumentException if a slice is too short
   */
  public void run(Slice x, Slice y) {
    int images = units / pixels;
    x.require("x", images, imageLength());
    y.require("y", images, imageLength());
    call(x.data(), x.first(), x.imageStride(), null, y.data(), y.first(), y.imageStride());
  }

  private int imageLength() {
    return pixels * blocks * BLOCK;
  }

  /**
   * Carries a gradient back through a run: {@code dx_i = dy_i v_i^-beta - 2 alpha beta / size x_i}
   * times the sum of {@code dy_j x_j v_j^(-beta-1)} over the channels j whose windows hold i.
   *
   * @param x of the run
   * @param dy gradient of y
   * @param dx gradient of x, overwritten; may be {@code dy}
   * @throws IllegalArgumentException if a length is wrong
   */
  public void backward(float[] x, float[] dy, float[] dx) {
    Check.length("x", x, length());
    Check.length("dy", dy, length());
    Check.length("dx", dx, length());
    call(x, 0, imageLength(), dy, dx, 0, imageLength());
  }

  private void call(
      float[] x, int first, int stride, float[] dy, float[] out, int outFirst, int outStride) {
    Call call = calls.take();
    call.x = x;
    call.first = first;
    call.stride = stride;
    call.dy = dy;
    call.out = out;
    call.outFirst = outFirst;
    call.outStride = outStride;
    workers.run(call);
    call.x = null;
    call.dy = null;
    call.out = null;
    calls.give(call);
  }

  /**
   * One call, divided by pixels. The channels of a pixel are brought together, with zeros on both
   * sides as wide as a window; the loops over them are ones that C2 vectorises.
   */
  private final class Call implements Task {
    private final int width = blocks * BLOCK;
    private final int halo = Math.max(before, after);
    private float[] x;
    private int first;
    private int stride;
    private float[] dy;
    private float[] out;
    private int outFirst;
    private int outStride;

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int row = width + 2 * halo;
      float[] memory = scratch.floats(5 * row);
      Arrays.fill(memory, 0, 2 * row, 0);
      int values = 2 * row;
      int sums = 3 * row;
      int gradients = 4 * row;
      int end = Workers.start(units, worker + 1, count);
      for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
        int image = unit / pixels;
        int pixel = unit % pixels * BLOCK;
        gather(x, first + image * stride + pixel, memory, values);
        for (int c = 0; c < width; c++) {
          memory[halo + c] = memory[values + c] * memory[values + c];
        }
        window(memory, halo, before, after, sums);
        for (int c = 0; c < width; c++) {
          memory[sums + c] = bias + alpha * memory[sums + c];
          memory[gradients + c] = memory[sums + c];
        }
        power(memory, sums);
        if (dy == null) {
          for (int c = 0; c < width; c++) {
            memory[values + c] *= memory[sums + c];
          }
        } else {
          int gradient = image * imageLength() + pixel;
          backward(memory, row, values, sums, gradients, gradient);
        }
        scatter(memory, values, outFirst + image * outStride + pixel);
      }
    }

    /** {@code v^-beta}. */
    private void power(float[] memory, int at) {
      Activations.apply(Activation.LOG, memory, at, at + width);
      for (int c = at; c < at + width; c++) {
        memory[c] *= -beta;
      }
      Activations.apply(Activation.EXP, memory, at, at + width);
    }

    /** Takes x, v^-beta and v, and leaves the gradient where x was. */
    private void backward(float[] memory, int row, int values, int powers, int bases, int from) {
      int products = row + halo;
      for (int c = 0; c < width; c++) {
        memory[products + c] = memory[values + c] * memory[powers + c] / memory[bases + c];
      }
      gather(dy, from, memory, bases);
      for (int c = 0; c < width; c++) {
        memory[products + c] *= memory[bases + c];
        memory[powers + c] *= memory[bases + c];
      }
      window(memory, products, after, before, bases);
      float factor = -2 * alpha * beta;
      for (int c = 0; c < width; c++) {
        memory[values + c] = memory[powers + c] + factor * memory[values + c] * memory[bases + c];
      }
    }

    /** Sums of the values that lie up to so many places before and after each. */
    private void window(float[] memory, int from, int down, int up, int to) {
      Arrays.fill(memory, to, to + width, 0);
      for (int j = -down; j <= up; j++) {
        for (int c = 0; c < width; c++) {
          memory[to + c] += memory[from + j + c];
        }
      }
    }

    private void gather(float[] blocked, int from, float[] memory, int at) {
      for (int b = 0; b < blocks; b++) {
        System.arraycopy(blocked, from + b * pixels * BLOCK, memory, at + b * BLOCK, BLOCK);
      }
    }

    private void scatter(float[] memory, int at, int to) {
      for (int b = 0; b < blocks; b++) {
        System.arraycopy(memory, at + b * BLOCK, out, to + b * pixels * BLOCK, BLOCK);
      }
    }
  }
}
