package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.Reduction.Kind;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.kernels.simd.Lanes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A pooling of one shape, ready to run, over NCHW16C activations.
 *
 * <p>Padding never takes part in a maximum or minimum and adds nothing to a sum. A NaN in a window
 * is its result. Global pooling is the pooling of {@link PoolShape#global}. A plan is immutable and
 * safe for concurrent callers; its runs allocate nothing and give the same bits for any number of
 * threads and lanes.
 */
public final class PoolPlan {

  private final int[] inputDims;
  private final int[] outputDims;
  private final Reduction reduction;
  private final Workers workers;
  private final int inputLength;
  private final int outputLength;
  private final Spare<PoolCall> calls;

  /** Windows in the middle of the output; null where the input is empty. */
  private final Segment typical;

  private PoolPlan(
      int[] inputDims,
      List<AxisWindows> axes,
      Reduction reduction,
      boolean countIncludePad,
      Workers workers) {
    this.inputDims = inputDims.clone();
    this.reduction = reduction;
    this.workers = Objects.requireNonNull(workers, "workers");
    outputDims = inputDims.clone();
    for (int i = 0; i < axes.size(); i++) {
      outputDims[2 + i] = axes.get(i).windows();
    }
    inputLength = Layout.NCHW16C.length(inputDims);
    outputLength = Layout.NCHW16C.length(outputDims);
    Segment[][] rows = Segment.rows(axes, countIncludePad);
    int blocks = Layout.blocks(inputDims[1]);
    int images = inputDims[0];
    int inPlane = plane(this.inputDims);
    int outPlane = plane(outputDims);
    typical = inputLength == 0 ? null : rows[rows.length / 2][rows[rows.length / 2].length / 2];
    calls = new Spare<>(() -> new PoolCall(reduction, rows, images, blocks, inPlane, outPlane));
  }

  private static int plane(int... dims) {
    return Arrays.stream(dims).skip(2).reduce(Layout.BLOCK, (a, b) -> a * b);
  }

  private static PoolPlan of(
      PoolShape shape, Reduction reduction, boolean countIncludePad, Workers workers) {
    List<AxisWindows> axes =
        IntStream.range(0, shape.axes().size())
            .mapToObj(i -> AxisWindows.of(shape.axes().get(i), shape.output(i)))
            .toList();
    return new PoolPlan(shape.inputDims(), axes, reduction, countIncludePad, workers);
  }

  private static PoolPlan adaptive(
      int[] inputDims, int[] outputSize, Reduction reduction, Workers workers) {
    Layout.NCHW16C.length(inputDims);
    int axes = inputDims.length - 2;
    Check.that(axes >= 1 && axes <= 3, "a pooling has 1 to 3 spatial dimensions, not %d", axes);
    Check.that(
        outputSize.length == axes,
        "an output of %d spatial dimensions, not %d",
        axes,
        outputSize.length);
    List<AxisWindows> windows =
        IntStream.range(0, axes)
            .mapToObj(i -> AxisWindows.adaptive(inputDims[2 + i], outputSize[i]))
            .toList();
    return new PoolPlan(inputDims, windows, reduction, false, workers);
  }

  /** The greatest value of each window. */
  public static PoolPlan max(PoolShape shape) {
    return max(shape, Workers.shared());
  }

  /** The greatest value of each window. */
  public static PoolPlan max(PoolShape shape, Workers workers) {
    return of(shape, Reduction.MAX, false, workers);
  }

  /** The least value of each window. */
  public static PoolPlan min(PoolShape shape) {
    return min(shape, Workers.shared());
  }

  /** The least value of each window. */
  public static PoolPlan min(PoolShape shape, Workers workers) {
    return of(shape, Reduction.MIN, false, workers);
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
    return of(shape, Reduction.AVERAGE, countIncludePad, workers);
  }

  /**
   * The p-norm of each window, {@code (sum of |x|^p)^(1/p)}, as ONNX's LpPool and PyTorch's LPPool
   * compute it; p = 2 is L2 pooling.
   *
   * @param p from 1 to 64
   * @throws IllegalArgumentException if p is another
   */
  public static PoolPlan lp(PoolShape shape, int p, Workers workers) {
    return of(shape, Reduction.norm(p), false, workers);
  }

  /**
   * Mixed pooling, {@code a max + (1 - a) average} of each window (Yu et al. 2014; Lee et al.
   * 2016).
   *
   * @param countIncludePad as in {@link #average}
   * @param share a, from 0 to 1: one for all channels or one for each
   * @throws IllegalArgumentException if the shares are too many, too few or out of range
   */
  public static PoolPlan mixed(
      PoolShape shape, boolean countIncludePad, float[] share, Workers workers) {
    Reduction reduction = Reduction.mixed(shape.channels(), share);
    return of(shape, reduction, countIncludePad, workers);
  }

  /**
   * The greatest value of each of so many windows of nearly equal size (PyTorch's rule): the one of
   * number i of n covers an axis of size s from floor(i s / n) to ceil((i + 1) s / n).
   *
   * @param inputDims {@code [batch, channels, spatial...]}
   * @param outputSize windows of each spatial dimension
   * @throws IllegalArgumentException if a size is below 1 or the dimensions do not correspond
   */
  public static PoolPlan adaptiveMax(int[] inputDims, int[] outputSize, Workers workers) {
    return adaptive(inputDims, outputSize, Reduction.MAX, workers);
  }

  /** The mean of each of so many windows, those of {@link #adaptiveMax}. */
  public static PoolPlan adaptiveAverage(int[] inputDims, int[] outputSize, Workers workers) {
    return adaptive(inputDims, outputSize, Reduction.AVERAGE, workers);
  }

  /** Input dimensions {@code [batch, channels, spatial...]}. */
  public int[] inputDims() {
    return inputDims.clone();
  }

  /** Output dimensions {@code [batch, channels, spatial...]}. */
  public int[] outputDims() {
    return outputDims.clone();
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
   * Calls what a run calls until the compiler has done its best with it: code on lanes that is not
   * yet compiled runs about a hundred times slower.
   */
  public void warmUp() {
    if (typical != null && Lanes.vectorised()) {
      PoolCall.warmUp(reduction, typical);
    }
  }

  /**
   * Pools.
   *
   * @param input NCHW16C
   * @param output NCHW16C, another array than the input
   * @throws IllegalArgumentException if a length is wrong or both are one array
   */
  public void run(float[] input, float[] output) {
    run(input, output, null);
  }

  /**
   * Takes maxima and tells where they were found.
   *
   * @param input NCHW16C
   * @param output NCHW16C, another array than the input
   * @param indices laid out like the output: the position of the maximum in its own channel's plane
   *     of the input, {@code (depth * height + h) * width + w}, as in PyTorch; of equal values the
   *     first. See {@link PoolIndices} for ONNX's
   * @throws IllegalArgumentException if a length is wrong, operands are one array, or this plan is
   *     not one of maxima
   */
  public void runWithIndices(float[] input, float[] output, int[] indices) {
    Check.that(
        reduction.kind() == Kind.MAX, "only a maximum has indices, not %s", reduction.kind());
    Check.that(
        indices.length == outputLength,
        "indices needs %d ints, has %d",
        outputLength,
        indices.length);
    run(input, output, indices);
  }

  private void run(float[] input, float[] output, int[] indices) {
    Check.length("input", input, inputLength);
    Check.length("output", output, outputLength);
    Check.distinct("input", input, "output", output);
    if (inputLength == 0) {
      return;
    }
    PoolCall call = calls.take();
    call.forward(input, output, indices);
    workers.run(call);
    call.clear();
    calls.give(call);
  }

  /**
   * Pools from and into channel slices of wider images.
   *
   * @throws IllegalArgumentException if a slice is too short or both overlap
   */
  public void run(Slice input, Slice output) {
    int images = inputDims[0];
    if (images == 0) {
      return;
    }
    int inImage = inputLength / images;
    int outImage = outputLength / images;
    input.require("input", images, inImage);
    output.require("output", images, outImage);
    Check.that(output.disjoint(outImage, input, inImage), "input and output must not overlap");
    PoolCall call = calls.take();
    call.forward(input.data(), output.data(), null);
    call.apart(input.first(), input.imageStride(), output.first(), output.imageStride());
    workers.run(call);
    call.clear();
    calls.give(call);
  }

  /**
   * Carries a gradient back through a run. Of equal values of a window the first, in the order
   * (depth, height, width), takes the gradient of a maximum or minimum.
   *
   * @param input of the run; a mean does not read it, and takes null
   * @param output of the run; a mean does not read it, and takes null
   * @param gradOutput gradient of the output
   * @param gradInput gradient of the input, overwritten
   * @throws IllegalArgumentException if a length is wrong or {@code gradInput} is another operand
   */
  public void backward(float[] input, float[] output, float[] gradOutput, float[] gradInput) {
    if (reduction.kind() != Kind.AVERAGE) {
      Check.length("input", input, inputLength);
      Check.length("output", output, outputLength);
    }
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradInput", gradInput, inputLength);
    Check.distinct("gradInput", gradInput, "input", input);
    Check.distinct("gradInput", gradInput, "output", output);
    Check.distinct("gradInput", gradInput, "gradOutput", gradOutput);
    if (inputLength == 0) {
      return;
    }
    PoolCall call = calls.take();
    call.backward(input, output, gradOutput, gradInput);
    workers.run(call);
    call.clear();
    calls.give(call);
  }
}
