package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.kernels.simd.Lanes;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A pooling of one shape, ready to run, over NCHW16C activations.
 *
 * <p>Padding never takes part in a maximum or minimum. A NaN in a window is its result. Global
 * pooling is the pooling of {@link PoolShape#global}. A plan is immutable and safe for concurrent
 * callers; its runs allocate nothing and give the same bits for any number of threads and lanes.
 */
public final class PoolPlan {

  /** What a window is reduced to. */
  enum Kind {
    MAX,
    MIN,
    AVERAGE
  }

  private final PoolShape shape;
  private final Kind kind;
  private final Workers workers;
  private final Segment[][] rows;
  private final int planes;
  private final int inputLength;
  private final int outputLength;
  private final AtomicReference<Forward> idleForward = new AtomicReference<>();
  private final AtomicReference<Backward> idleBackward = new AtomicReference<>();

  private PoolPlan(PoolShape shape, Kind kind, boolean countIncludePad, Workers workers) {
    this.shape = Objects.requireNonNull(shape, "shape");
    this.kind = kind;
    this.workers = Objects.requireNonNull(workers, "workers");
    rows = Segment.rows(shape, countIncludePad);
    planes = shape.batch() * Layout.blocks(shape.channels());
    inputLength = Layout.NCHW16C.length(shape.inputDims());
    outputLength = Layout.NCHW16C.length(shape.outputDims());
  }

  /** The greatest value of each window. */
  public static PoolPlan max(PoolShape shape) {
    return max(shape, Workers.shared());
  }

  /** The greatest value of each window. */
  public static PoolPlan max(PoolShape shape, Workers workers) {
    return new PoolPlan(shape, Kind.MAX, false, workers);
  }

  /** The least value of each window. */
  public static PoolPlan min(PoolShape shape) {
    return min(shape, Workers.shared());
  }

  /** The least value of each window. */
  public static PoolPlan min(PoolShape shape, Workers workers) {
    return new PoolPlan(shape, Kind.MIN, false, workers);
  }

  /** The mean of each window. */
  public static PoolPlan average(PoolShape shape, boolean countIncludePad) {
    return average(shape, countIncludePad, Workers.shared());
  }

  /**
   * The mean of each window.
   *
   * @param countIncludePad whether the divisor counts padding too (but never what a window of ceil
   *     mode reaches beyond it)
   */
  public static PoolPlan average(PoolShape shape, boolean countIncludePad, Workers workers) {
    return new PoolPlan(shape, Kind.AVERAGE, countIncludePad, workers);
  }

  /** The shape that was planned. */
  public PoolShape shape() {
    return shape;
  }

  /** Floats of the input. */
  public int inputLength() {
    return inputLength;
  }

  /** Floats of the output. */
  public int outputLength() {
    return outputLength;
  }

  /**
   * Pools.
   *
   * @param input NCHW16C
   * @param output NCHW16C, another array than the input
   * @throws IllegalArgumentException if a length is wrong or both are one array
   */
  public void run(float[] input, float[] output) {
    Check.length("input", input, inputLength);
    Check.length("output", output, outputLength);
    Check.distinct("input", input, "output", output);
    Forward forward = idleForward.getAndSet(null);
    if (forward == null) {
      forward = new Forward();
    }
    forward.input = input;
    forward.output = output;
    workers.run(forward);
    forward.input = null;
    forward.output = null;
    idleForward.set(forward);
  }

  /**
   * Carries a gradient back through a run. Of equal values of a window the first, in the order
   * (depth, height, width), takes the gradient of a maximum or minimum.
   *
   * @param input of the run
   * @param output of the run
   * @param gradOutput gradient of the output
   * @param gradInput gradient of the input, overwritten
   * @throws IllegalArgumentException if a length is wrong or {@code gradInput} is another operand
   */
  public void backward(float[] input, float[] output, float[] gradOutput, float[] gradInput) {
    Check.length("input", input, inputLength);
    Check.length("output", output, outputLength);
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradInput", gradInput, inputLength);
    Check.distinct("gradInput", gradInput, "input", input);
    Check.distinct("gradInput", gradInput, "gradOutput", gradOutput);
    Backward backward = idleBackward.getAndSet(null);
    if (backward == null) {
      backward = new Backward();
    }
    backward.with(input, output, gradOutput, gradInput);
    workers.run(backward);
    backward.with(null, null, null, null);
    idleBackward.set(backward);
  }

  private int inPlane() {
    return inputLength / planes;
  }

  private int outPlane() {
    return outputLength / planes;
  }

  /** One forward run, divided by rows of windows. */
  private final class Forward implements Task {
    private float[] input;
    private float[] output;

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int units = planes * rows.length;
      int end = Workers.start(units, worker + 1, count);
      for (int u = Workers.start(units, worker, count); u < end; u++) {
        int plane = u / rows.length;
        for (Segment segment : rows[u % rows.length]) {
          if (Lanes.vectorised()) {
            VectorPooling.reduce(
                kind, segment, input, plane * inPlane(), output, plane * outPlane());
          } else {
            ScalarPooling.reduce(
                kind, segment, input, plane * inPlane(), output, plane * outPlane());
          }
        }
      }
    }
  }

  /** One backward run, divided by planes, because windows overlap. */
  private final class Backward implements Task {
    private float[] input;
    private float[] output;
    private float[] gradOutput;
    private float[] gradInput;

    void with(float[] newInput, float[] newOutput, float[] newGradOutput, float[] newGradInput) {
      input = newInput;
      output = newOutput;
      gradOutput = newGradOutput;
      gradInput = newGradInput;
    }

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int end = Workers.start(planes, worker + 1, count);
      for (int plane = Workers.start(planes, worker, count); plane < end; plane++) {
        int in = plane * inPlane();
        int out = plane * outPlane();
        Arrays.fill(gradInput, in, in + inPlane(), 0);
        for (Segment[] row : rows) {
          for (Segment segment : row) {
            if (kind == Kind.AVERAGE) {
              spread(segment, in, out);
            } else {
              select(segment, in, out);
            }
          }
        }
      }
    }

    private void spread(Segment segment, int in, int out) {
      if (Lanes.vectorised()) {
        VectorPooling.spread(segment, gradOutput, out, gradInput, in);
      } else {
        ScalarPooling.spread(segment, gradOutput, out, gradInput, in);
      }
    }

    private void select(Segment segment, int in, int out) {
      if (Lanes.vectorised()) {
        VectorPooling.select(segment, input, output, gradOutput, out, gradInput, in);
      } else {
        ScalarPooling.select(segment, input, output, gradOutput, out, gradInput, in);
      }
    }
  }
}
