package dev.lanewise.kernels.separable;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvRunner;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Objects;

/**
 * A depthwise convolution, an activation and a pointwise convolution as one call, the building
 * block of MobileNet (Howard et al., 2017): plan once, pack once, run often.
 *
 * <p>Its results have the bits of the two convolutions run one by one, the first by {@code
 * DEPTHWISE} and the second by {@code DIRECT}; what lies between them never leaves the caches. What
 * {@code ConvPlan} says of values that are not finite holds here too. A plan is immutable and safe
 * for concurrent callers, and its runs allocate nothing.
 */
public final class SeparablePlan {

  private final ConvShape depthwise;
  private final int outChannels;
  private final ConvOptions options;
  private final SeparableConvolution convolution;

  /** Makes padding other than zeros part of the input; null where there is none. */
  private final Padding padding;

  private final int filterLength;
  private final ConvRunner runner;

  private SeparablePlan(
      ConvShape depthwise, int outChannels, Activation middle, ConvOptions options) {
    this.depthwise = depthwise;
    this.outChannels = outChannels;
    this.options = options;
    padding =
        depthwise.paddingMode() == PaddingMode.ZERO
            ? null
            : Padding.of(depthwise, options.workers());
    int images = Math.max(1, depthwise.batch());
    int workers = options.workers().size();
    long limit = Math.max(0, options.workspaceLimit() - paddedBytes()) / Float.BYTES / workers;
    convolution =
        new SeparableConvolution(
            depthwise.zeroPadded().batch(images), outChannels, middle, workers, limit);
    filterLength = depthwise.filterLength();
    runner =
        new ConvRunner(
            convolution,
            options,
            depthwise.inputDims(),
            outputDims(depthwise, outChannels),
            padding);
  }

  private static int[] outputDims(ConvShape depthwise, int outChannels) {
    int[] dims = depthwise.outputDims();
    dims[1] = outChannels;
    return dims;
  }

  /**
   * Plans a separable convolution.
   *
   * @param depthwise the first convolution, with any stride, dilation and channel multiplier
   * @param outChannels output channels of the second
   * @param middle applied to the output of the first
   * @param options activation and residual of the second, the workers, and a workspace limit that
   *     bands keep if one tile of columns does; a pinned algorithm and a race have no say
   * @throws IllegalArgumentException if the first convolution is not depthwise, or memory would
   *     exceed 2^31 - 1 floats
   */
  public static SeparablePlan of(
      ConvShape depthwise, int outChannels, Activation middle, ConvOptions options) {
    Objects.requireNonNull(depthwise, "depthwise");
    Objects.requireNonNull(middle, "middle");
    Objects.requireNonNull(options, "options");
    Check.positive("outChannels", outChannels);
    return new SeparablePlan(depthwise, outChannels, middle, options);
  }

  /** The first of the two convolutions. */
  public ConvShape depthwise() {
    return depthwise;
  }

  /** Output channels of the second. */
  public int outChannels() {
    return outChannels;
  }

  /** Floats of the input. */
  public int inputLength() {
    return runner.inputLength();
  }

  /** Floats of the output. */
  public int outputLength() {
    return runner.outputLength();
  }

  /**
   * Scratch memory of all workers together, which they keep and other plans share, and the padded
   * input that the plan keeps where padding is not zeros.
   */
  public long workspaceBytes() {
    return (long) Float.BYTES * convolution.scratchFloats() * options.workers().size()
        + paddedBytes();
  }

  private long paddedBytes() {
    return padding == null ? 0 : (long) Float.BYTES * padding.paddedLength();
  }

  /**
   * Lays the filters and biases out.
   *
   * @param depthwiseFilter {@code [channels x multiplier][1][kernel...]}
   * @param depthwiseBias one value for each channel between, or null for zeros
   * @param pointwiseFilter {@code [outChannels][channels x multiplier]}
   * @param pointwiseBias one value for each output channel, or null for zeros
   * @throws IllegalArgumentException if a length is wrong
   */
  public PackedSeparable pack(
      float[] depthwiseFilter,
      float[] depthwiseBias,
      float[] pointwiseFilter,
      float[] pointwiseBias) {
    int between = depthwise.outChannels();
    Check.length("depthwiseFilter", depthwiseFilter, filterLength);
    Check.length(
        "pointwiseFilter", pointwiseFilter, Check.elements("filter", outChannels, between));
    float[] filters = new float[filterLength + between + pointwiseFilter.length];
    System.arraycopy(depthwiseFilter, 0, filters, 0, filterLength);
    copyBias("depthwiseBias", depthwiseBias, between, filters, filterLength);
    System.arraycopy(pointwiseFilter, 0, filters, filterLength + between, pointwiseFilter.length);
    float[] weights = new float[convolution.filterFloats()];
    convolution.pack(filters, weights);
    float[] bias = new float[Layout.blocks(outChannels) * Layout.BLOCK];
    copyBias("pointwiseBias", pointwiseBias, outChannels, bias, 0);
    return new PackedSeparable(depthwise, outChannels, weights, bias);
  }

  private static void copyBias(String name, float[] bias, int length, float[] to, int at) {
    if (bias != null) {
      Check.length(name, bias, length);
      System.arraycopy(bias, 0, to, at, length);
    }
  }

  /**
   * Computes the output.
   *
   * @param input NCHW16C, {@link #inputLength()} floats
   * @param filters packed by this plan or one like it
   * @param output NCHW16C, {@link #outputLength()} floats, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared, the filters were
   *     packed for another plan, or the plan expects a residual
   */
  public void run(float[] input, PackedSeparable filters, float[] output) {
    checkFits(filters);
    runner.run(input, filters.weights, filters.bias, output);
  }

  /**
   * Computes the output with a residual added before the last activation.
   *
   * @param residual of the output's layout and length
   * @throws IllegalArgumentException as above, or if the plan was made without a residual
   */
  public void run(float[] input, PackedSeparable filters, float[] residual, float[] output) {
    checkFits(filters);
    runner.run(input, filters.weights, filters.bias, residual, output);
  }

  private void checkFits(PackedSeparable filters) {
    Objects.requireNonNull(filters, "filters").checkFits(depthwise, outChannels);
  }

  /**
   * Computes the output from and into channel slices of wider images.
   *
   * @param residual of the output's shape, or null if the plan was made without one
   * @throws IllegalArgumentException if a slice is too short, output and another operand overlap,
   *     the filters were packed for another plan, or a residual is missing or not expected
   */
  public void run(Slice input, PackedSeparable filters, Slice residual, Slice output) {
    checkFits(filters);
    runner.run(input, filters.weights, filters.bias, residual, output);
  }

  /** Calls what a run of this plan calls until it is compiled. */
  public void warmUp() {
    runner.warmUp();
  }

  /** How the work is divided and what lies between the two convolutions. */
  public String explain() {
    StringBuilder text = new StringBuilder();
    text.append("%s, then 1x1 to %d channels: fused%n".formatted(depthwise, outChannels));
    for (String line : convolution.explain()) {
      text.append("  ").append(line).append(System.lineSeparator());
    }
    if (padding != null) {
      text.append(
          "  %s padding: the input is copied with its halo to %d bytes that the plan keeps%n"
              .formatted(depthwise.paddingMode().label(), paddedBytes()));
    }
    return text.append(
            "  %d workers, %d bytes of scratch each%n"
                .formatted(
                    options.workers().size(), (long) Float.BYTES * convolution.scratchFloats()))
        .toString();
  }
}
