package dev.lanewise.kernels.separable;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

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

  private final int paddedImage;
  private final int filterLength;
  private final int outPixels;
  private final int inputImage;
  private final int outputImage;
  private final AtomicReference<ConvCall> idleCall = new AtomicReference<>();

  private SeparablePlan(
      ConvShape depthwise, int outChannels, Activation middle, ConvOptions options) {
    this.depthwise = depthwise;
    this.outChannels = outChannels;
    this.options = options;
    padding =
        depthwise.paddingMode() == PaddingMode.ZERO
            ? null
            : Padding.of(depthwise, options.workers());
    paddedImage = Layout.NCHW16C.length(depthwise.zeroPadded().batch(1).inputDims());
    int images = Math.max(1, depthwise.batch());
    int workers = options.workers().size();
    long limit = Math.max(0, options.workspaceLimit() - paddedBytes()) / Float.BYTES / workers;
    convolution =
        new SeparableConvolution(
            depthwise.zeroPadded().batch(images), outChannels, middle, workers, limit);
    filterLength = depthwise.filterLength();
    outPixels = depthwise.outputPixels();
    inputImage = Layout.NCHW16C.length(depthwise.batch(1).inputDims());
    outputImage = Layout.NCHW16C.length(1, outChannels, outPixels);
    Check.elements("output", depthwise.batch(), outputImage);
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
    return depthwise.batch() * inputImage;
  }

  /** Floats of the output. */
  public int outputLength() {
    return depthwise.batch() * outputImage;
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
    Check.that(!options.residual(), "this plan was made with a residual: pass one");
    execute(input, filters, null, output);
  }

  /**
   * Computes the output with a residual added before the last activation.
   *
   * @param residual of the output's layout and length
   * @throws IllegalArgumentException as above, or if the plan was made without a residual
   */
  public void run(float[] input, PackedSeparable filters, float[] residual, float[] output) {
    Check.that(options.residual(), "this plan was made without a residual: use withResidual()");
    Check.length("residual", residual, outputLength());
    Check.distinct("residual", residual, "output", output);
    execute(input, filters, residual, output);
  }

  private void execute(float[] input, PackedSeparable filters, float[] residual, float[] output) {
    Check.length("input", input, inputLength());
    Check.length("output", output, outputLength());
    Check.distinct("input", input, "output", output);
    Objects.requireNonNull(filters, "filters").checkFits(depthwise, outChannels);
    run(
        call()
            .input(input, 0, inputImage)
            .filter(filters.weights, filters.bias)
            .residual(residual, 0, outputImage)
            .output(output, 0, outputImage));
  }

  /**
   * Computes the output from and into channel slices of wider images.
   *
   * @param residual of the output's shape, or null if the plan was made without one
   * @throws IllegalArgumentException if a slice is too short, output and another operand overlap,
   *     the filters were packed for another plan, or a residual is missing or not expected
   */
  public void run(Slice input, PackedSeparable filters, Slice residual, Slice output) {
    input.require("input", depthwise.batch(), inputImage);
    output.require("output", depthwise.batch(), outputImage);
    Check.that(
        output.disjoint(outputImage, input, inputImage), "input and output must not overlap");
    Check.that(
        options.residual() == (residual != null),
        "this plan was made %s a residual",
        options.residual() ? "with" : "without");
    Objects.requireNonNull(filters, "filters").checkFits(depthwise, outChannels);
    ConvCall call = call().residual(null, 0, 0);
    if (residual != null) {
      residual.require("residual", depthwise.batch(), outputImage);
      Check.that(
          output.disjoint(outputImage, residual, outputImage),
          "residual and output must not overlap");
      call.residual(residual.data(), residual.first(), residual.imageStride());
    }
    run(
        call.input(input.data(), input.first(), input.imageStride())
            .filter(filters.weights, filters.bias)
            .output(output.data(), output.first(), output.imageStride()));
  }

  private ConvCall call() {
    ConvCall call = idleCall.getAndSet(null);
    return call != null
        ? call
        : new ConvCall(convolution, options.activation(), outChannels, outPixels);
  }

  private void run(ConvCall call) {
    if (depthwise.batch() > 0) {
      if (padding != null) {
        call.pad(padding, paddedImage);
      }
      options.workers().run(call);
    }
    call.clear();
    idleCall.set(call);
  }

  /** Calls the micro-kernels that this plan needs until they are compiled. */
  public void warmUp() {
    convolution.warmUp(options.residual());
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
