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
 * Softmax, {@code y = exp(x - m) / sum of exp(x - m)} with the greatest value m, or its logarithm,
 * over the channels of each pixel of NCHW16C or over the rows of a dense matrix.
 *
 * <p>A plan is immutable and safe for concurrent callers; its runs allocate nothing. Each sum is
 * made in 16 parts, of every sixteenth value, which are added in one order: a result has the same
 * bits for any number of threads and lanes.
 */
public final class Softmax {

  private static final int BLOCK = Layout.BLOCK;

  private final SoftmaxRows rows;
  private final boolean log;
  private final int length;
  private final Workers workers;
  private final Spare<Call> calls = new Spare<>(Call::new);

  private Softmax(SoftmaxRows rows, int length, boolean log, Workers workers) {
    this.rows = rows;
    this.length = length;
    this.log = log;
    this.workers = Objects.requireNonNull(workers, "workers");
  }

  /**
   * Over the channels of each pixel.
   *
   * @param dims {@code [batch, channels, spatial...]} of NCHW16C activations
   * @param log whether the logarithm is taken
   * @throws IllegalArgumentException if a dimension is out of range
   */
  public static Softmax channels(int[] dims, boolean log, Workers workers) {
    int length = Layout.NCHW16C.length(dims);
    int pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    return new Softmax(SoftmaxRows.pixels(dims[0], dims[1], pixels), length, log, workers);
  }

  /**
   * Over the rows of a matrix {@code [rows][columns]}.
   *
   * @param log whether the logarithm is taken
   * @throws IllegalArgumentException if rows are negative, columns below 1, or there are too many
   */
  public static Softmax rows(int rows, int columns, boolean log, Workers workers) {
    Check.notNegative("rows", rows);
    Check.positive("columns", columns);
    int length = Check.elements("matrix", rows, columns);
    return new Softmax(SoftmaxRows.dense(rows, columns), length, log, workers);
  }

  /** Floats of the input, and of the output. */
  public int length() {
    return length;
  }

  /**
   * Computes the function.
   *
   * @param x the values
   * @param y overwritten; may be {@code x}
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] x, float[] y) {
    Check.length("x", x, length);
    Check.length("y", y, length);
    call(x, null, y);
  }

  /**
   * Carries a gradient back through a run.
   *
   * @param y result of the run
   * @param dy gradient of y
   * @param dx gradient of x, overwritten; may be {@code dy}
   * @throws IllegalArgumentException if a length is wrong
   */
  public void backward(float[] y, float[] dy, float[] dx) {
    Check.length("y", y, length);
    Check.length("dy", dy, length);
    Check.length("dx", dx, length);
    call(y, dy, dx);
  }

  private void call(float[] first, float[] gradient, float[] out) {
    Call call = calls.take();
    call.first = first;
    call.gradient = gradient;
    call.out = out;
    workers.run(call);
    call.first = null;
    call.gradient = null;
    call.out = null;
    calls.give(call);
  }

  /** One call, divided by rows. */
  private final class Call implements Task {
    private float[] first;
    private float[] gradient;
    private float[] out;

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int end = Workers.start(rows.count(), worker + 1, count);
      int width = rows.padded();
      float[] memory = scratch.floats(2 * width + BLOCK);
      for (int row = Workers.start(rows.count(), worker, count); row < end; row++) {
        if (gradient == null) {
          rows.read(first, row, memory, 0, Float.NEGATIVE_INFINITY);
          forward(memory, width);
        } else {
          rows.read(first, row, memory, 0, 0);
          rows.read(gradient, row, memory, width, 0);
          backward(memory, width);
        }
        rows.write(memory, out, row);
      }
    }

    /** Leaves the result where the row was; memory after it holds exponentials and 16 parts. */
    private void forward(float[] memory, int width) {
      int parts = 2 * width;
      System.arraycopy(memory, 0, memory, parts, BLOCK);
      for (int i = BLOCK; i < width; i++) {
        int part = parts + i % BLOCK;
        memory[part] = Math.max(memory[part], memory[i]);
      }
      float greatest = memory[parts];
      for (int c = 1; c < BLOCK; c++) {
        greatest = Math.max(greatest, memory[parts + c]);
      }
      for (int i = 0; i < width; i++) {
        memory[i] -= greatest;
        memory[width + i] = memory[i];
      }
      Curves.exp(memory, width, 2 * width);
      Arrays.fill(memory, parts, parts + BLOCK, 0);
      for (int i = 0; i < width; i++) {
        memory[parts + i % BLOCK] += memory[width + i];
      }
      float sum = total(memory, parts);
      if (log) {
        memory[parts] = sum;
        Curves.log(memory, parts, parts + 1);
        float logarithm = memory[parts];
        for (int i = 0; i < width; i++) {
          memory[i] -= logarithm;
        }
      } else {
        for (int i = 0; i < width; i++) {
          memory[i] = memory[width + i] / sum;
        }
      }
    }

    /** {@code y (dy - sum(y dy))}, or of the logarithm {@code dy - exp(y) sum(dy)}. */
    private void backward(float[] memory, int width) {
      int parts = 2 * width;
      Arrays.fill(memory, parts, parts + BLOCK, 0);
      for (int i = 0; i < width; i++) {
        float dy = memory[width + i];
        memory[parts + i % BLOCK] += log ? dy : memory[i] * dy;
      }
      float sum = total(memory, parts);
      if (log) {
        Curves.exp(memory, 0, width);
      }
      for (int i = 0; i < width; i++) {
        float dy = memory[width + i];
        memory[i] = log ? dy - memory[i] * sum : memory[i] * (dy - sum);
      }
    }

    private static float total(float[] memory, int parts) {
      for (int half = BLOCK / 2; half > 0; half /= 2) {
        for (int c = 0; c < half; c++) {
          memory[parts + c] += memory[parts + half + c];
        }
      }
      return memory[parts];
    }
  }
}
