package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.Reduction.Kind;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.Arrays;
import java.util.List;

/**
 * The operands of one call of a {@link PoolPlan}: forward divided by rows of windows, backward by
 * planes, because windows overlap.
 */
final class PoolCall implements Task {

  private static final int BLOCK = Layout.BLOCK;

  /** Several fours of windows, which are reduced together, and a rest. */
  private static final int WARM_WINDOWS = 11;

  /** More than a tap of a window takes once compiled, and far less than before. */
  private static final long COMPILED_NANOS = 20;

  private final Reduction reduction;
  private final Segment[][] rows;
  private final int blocks;
  private final int planes;
  private final int inPlane;
  private final int outPlane;
  private int inFirst;
  private int inStride;
  private int outFirst;
  private int outStride;
  private float[] input;
  private float[] output;
  private int[] indices;
  private float[] gradOutput;
  private float[] gradInput;

  PoolCall(
      Reduction reduction, Segment[][] rows, int images, int blocks, int inPlane, int outPlane) {
    this.reduction = reduction;
    this.rows = rows;
    this.blocks = blocks;
    this.inPlane = inPlane;
    this.outPlane = outPlane;
    planes = images * blocks;
    together();
  }

  /** Images lie one after the other, as they do unless {@link #apart} says otherwise. */
  private void together() {
    apart(0, blocks * inPlane, 0, blocks * outPlane);
  }

  /** Where the first images begin, and how far the next are from there. */
  void apart(int newInFirst, int newInStride, int newOutFirst, int newOutStride) {
    inFirst = newInFirst;
    inStride = newInStride;
    outFirst = newOutFirst;
    outStride = newOutStride;
  }

  void forward(float[] newInput, float[] newOutput, int[] newIndices) {
    input = newInput;
    output = newOutput;
    indices = newIndices;
  }

  void backward(float[] newInput, float[] newOutput, float[] newGradOutput, float[] newGradInput) {
    input = newInput;
    output = newOutput;
    gradOutput = newGradOutput;
    gradInput = newGradInput;
  }

  /**
   * Reduces windows like some until the compiler has done its best with that: rows of them and
   * single ones, such as those at a border, lest it take what it has not seen for impossible.
   */
  static void warmUp(Reduction reduction, Segment like) {
    Segment row = new Segment(0, 0, WARM_WINDOWS, like.step(), like.taps(), like.divisor());
    Segment single = new Segment(0, 0, 1, like.step(), like.taps(), like.divisor());
    int lastTap = Arrays.stream(like.taps()).max().orElse(0);
    float[] in = new float[(WARM_WINDOWS - 1) * like.step() + lastTap + BLOCK];
    float[] out = new float[row.floats()];
    boolean mixed = reduction.kind() == Kind.MIXED;
    for (Reduction how : mixed ? List.of(Reduction.MAX, Reduction.AVERAGE) : List.of(reduction)) {
      WarmUp.drive(
          () -> {
            VectorPooling.reduce(how, row, in, 0, out, 0);
            VectorPooling.reduce(how, single, in, 0, out, 0);
          },
          COMPILED_NANOS * WARM_WINDOWS * like.taps().length);
    }
  }

  /** Lets go of the operands. */
  void clear() {
    forward(null, null, null);
    backward(null, null, null, null);
    together();
  }

  @Override
  public void run(int worker, int count, Scratch scratch) {
    if (gradInput == null) {
      int units = planes * rows.length;
      int end = Workers.start(units, worker + 1, count);
      for (int u = Workers.start(units, worker, count); u < end; u++) {
        for (Segment segment : rows[u % rows.length]) {
          forward(segment, u / rows.length, scratch);
        }
      }
    } else {
      int end = Workers.start(planes, worker + 1, count);
      for (int plane = Workers.start(planes, worker, count); plane < end; plane++) {
        Arrays.fill(gradInput, plane * inPlane, (plane + 1) * inPlane, 0);
        for (Segment[] row : rows) {
          for (Segment segment : row) {
            backward(segment, plane, scratch);
          }
        }
      }
    }
  }

  private void forward(Segment segment, int plane, Scratch scratch) {
    int in = inFirst + plane / blocks * inStride + plane % blocks * inPlane;
    int out = outFirst + plane / blocks * outStride + plane % blocks * outPlane;
    if (indices != null) {
      locate(segment, in, out);
    } else if (reduction.kind() == Kind.MIXED) {
      float[] maxima = scratch.floats(segment.floats());
      reduce(Reduction.MAX, segment, in, maxima, -segment.out());
      reduce(Reduction.AVERAGE, segment, in, output, out);
      mix(segment, plane, out, maxima);
    } else {
      reduce(reduction, segment, in, output, out);
      if (reduction.power() > 2) {
        root(out + segment.out(), segment.floats());
      }
    }
  }

  private void backward(Segment segment, int plane, Scratch scratch) {
    int in = plane * inPlane;
    int out = plane * outPlane;
    switch (reduction.kind()) {
      case MAX, MIN -> select(segment, in, output, out, gradOutput, out);
      case AVERAGE -> spread(segment, in, gradOutput, out);
      case NORM -> weigh(segment, in, out);
      case MIXED -> {
        int length = segment.floats();
        float[] memory = scratch.floats(2 * length);
        int maxima = -segment.out();
        int share = length - segment.out();
        reduce(Reduction.MAX, segment, in, memory, maxima);
        share(segment, plane, 0, 1, memory, length);
        select(segment, in, memory, maxima, memory, share);
        share(segment, plane, 1, -1, memory, length);
        spread(segment, in, memory, share);
      }
    }
  }

  private void reduce(Reduction how, Segment segment, int in, float[] to, int out) {
    if (Lanes.vectorised()) {
      VectorPooling.reduce(how, segment, input, in, to, out);
    } else {
      ScalarPooling.reduce(how, segment, input, in, to, out);
    }
  }

  private void locate(Segment segment, int in, int out) {
    if (Lanes.vectorised()) {
      VectorPooling.locate(segment, input, in, output, indices, out);
    } else {
      ScalarPooling.locate(segment, input, in, output, indices, out);
    }
  }

  /** {@code s^(1/p) = exp(log(s) / p)}, which is 0 for 0 as well. */
  private void root(int from, int length) {
    int to = from + length;
    Activations.apply(Activation.LOG, output, from, to);
    for (int i = from; i < to; i++) {
      output[i] /= reduction.power();
    }
    Activations.apply(Activation.EXP, output, from, to);
  }

  /** {@code average + a (maximum - average)}, where the averages are the output so far. */
  private void mix(Segment segment, int plane, int out, float[] maxima) {
    int shares = plane % (reduction.shares().length / BLOCK) * BLOCK;
    int from = out + segment.out();
    for (int i = 0; i < segment.floats(); i++) {
      float average = output[from + i];
      output[from + i] = average + reduction.shares()[shares + i % BLOCK] * (maxima[i] - average);
    }
  }

  /** The gradient's part {@code constant + factor a}. */
  private void share(
      Segment segment, int plane, float constant, float factor, float[] memory, int at) {
    int shares = plane % (reduction.shares().length / BLOCK) * BLOCK;
    int from = plane * outPlane + segment.out();
    for (int i = 0; i < segment.floats(); i++) {
      float part = constant + factor * reduction.shares()[shares + i % BLOCK];
      memory[at + i] = part * gradOutput[from + i];
    }
  }

  private void spread(Segment segment, int in, float[] dy, int dyPlane) {
    if (Lanes.vectorised()) {
      VectorPooling.spread(segment, dy, dyPlane, gradInput, in);
    } else {
      ScalarPooling.spread(segment, dy, dyPlane, gradInput, in);
    }
  }

  private void weigh(Segment segment, int in, int out) {
    int power = reduction.power();
    if (Lanes.vectorised()) {
      VectorPooling.weigh(power, segment, input, output, gradOutput, out, gradInput, in);
    } else {
      ScalarPooling.weigh(power, segment, input, output, gradOutput, out, gradInput, in);
    }
  }

  private void select(Segment segment, int in, float[] out, int outAt, float[] dy, int dyAt) {
    if (Lanes.vectorised()) {
      VectorPooling.select(segment, input, in, out, outAt, dy, dyAt, gradInput);
    } else {
      ScalarPooling.select(segment, input, in, out, outAt, dy, dyAt, gradInput);
    }
  }
}
