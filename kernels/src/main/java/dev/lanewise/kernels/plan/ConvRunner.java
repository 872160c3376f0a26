package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.shape.Check;

/**
 * Runs an algorithm on the operands of callers: checks them, puts the halo round the input where
 * padding is not zeros, and hands the call to the workers. Every kind of plan runs through here.
 *
 * <p>Safe for concurrent callers; runs allocate nothing. Filters come as the algorithm packed them,
 * with a bias padded to whole blocks of 16; that they fit is the plan's to check.
 */
public final class ConvRunner {

  private final ConvAlgorithm algorithm;
  private final ConvOptions options;
  private final Padding padding;
  private final int batch;
  private final int inputLength;
  private final int outputLength;
  private final int inputImage;
  private final int paddedImage;
  private final int planarImage;
  private final int outputImage;
  private final Spare<ConvCall> calls;

  /**
   * Runs one algorithm.
   *
   * @param options its activation, residual and workers
   * @param inputDims {@code [batch, channels, spatial...]}
   * @param outputDims the same of the output
   * @param padding makes padding other than zeros part of the input; null where there is none
   * @throws IllegalArgumentException if input or output do not fit into an array
   */
  public ConvRunner(
      ConvAlgorithm algorithm,
      ConvOptions options,
      int[] inputDims,
      int[] outputDims,
      Padding padding) {
    this.algorithm = algorithm;
    this.options = options;
    this.padding = padding;
    batch = inputDims[0];
    inputLength = Layout.NCHW16C.length(inputDims);
    outputLength = Layout.NCHW16C.length(outputDims);
    inputImage = image(Layout.NCHW16C, inputDims);
    planarImage = image(Layout.NCHW, inputDims);
    outputImage = image(Layout.NCHW16C, outputDims);
    paddedImage = padding == null || batch == 0 ? 0 : padding.paddedLength() / batch;
    int outChannels = outputDims[1];
    int outPixels = outputImage / (Layout.blocks(outChannels) * Layout.BLOCK);
    calls =
        new Spare<>(() -> new ConvCall(algorithm, options.activation(), outChannels, outPixels));
  }

  private static int image(Layout layout, int[] dims) {
    int[] one = dims.clone();
    one[0] = 1;
    return layout.length(one);
  }

  /**
   * Calls what a run calls until the compiler has done its best with it: micro-kernels, activation
   * and the sum with the residual.
   */
  public void warmUp() {
    algorithm.warmUp(options.residual());
    FinishWarmUp.run(options.activation(), options.residual());
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
   * Computes the output.
   *
   * @param input NCHW16C, {@link #inputLength()} floats
   * @param output NCHW16C, {@link #outputLength()} floats, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared, or a residual is
   *     expected
   */
  public void run(float[] input, float[] weights, float[] bias, float[] output) {
    checkNoResidual();
    execute(input, weights, bias, null, output);
  }

  /**
   * Computes the output with a residual added before the activation.
   *
   * @param residual of the output's layout and length
   * @throws IllegalArgumentException as above, or if no residual is expected
   */
  public void run(float[] input, float[] weights, float[] bias, float[] residual, float[] output) {
    Check.that(options.residual(), "this plan was made without a residual: use withResidual()");
    Check.length("residual", residual, outputLength);
    Check.distinct("residual", residual, "output", output);
    execute(input, weights, bias, residual, output);
  }

  private void execute(
      float[] input, float[] weights, float[] bias, float[] residual, float[] output) {
    Check.length("input", input, inputLength);
    Check.length("output", output, outputLength);
    Check.distinct("input", input, "output", output);
    execute(
        calls
            .take()
            .input(input, 0, inputImage)
            .filter(weights, bias)
            .residual(residual, 0, outputImage)
            .output(output, 0, outputImage));
  }

  /**
   * Computes the output from and into channel slices of wider images.
   *
   * @param residual of the output's shape, or null if none is expected
   * @throws IllegalArgumentException if a slice is too short, output and another operand overlap,
   *     or a residual is missing or not expected
   */
  public void run(Slice input, float[] weights, float[] bias, Slice residual, Slice output) {
    input.require("input", batch, inputImage);
    output.require("output", batch, outputImage);
    Check.that(
        output.disjoint(outputImage, input, inputImage), "input and output must not overlap");
    Check.that(
        options.residual() == (residual != null),
        "this plan was made %s a residual",
        options.residual() ? "with" : "without");
    if (residual != null) {
      residual.require("residual", batch, outputImage);
      Check.that(
          output.disjoint(outputImage, residual, outputImage),
          "residual and output must not overlap");
    }
    ConvCall call = calls.take().residual(null, 0, 0);
    if (residual != null) {
      call.residual(residual.data(), residual.first(), residual.imageStride());
    }
    execute(
        call.input(input.data(), input.first(), input.imageStride())
            .filter(weights, bias)
            .output(output.data(), output.first(), output.imageStride()));
  }

  /**
   * Computes the output from and into images that lie apart, without slices to make at each run.
   *
   * @param inputFirst where the first image begins, in floats
   * @param inputStride floats from one image to the next
   * @throws IllegalArgumentException if images lie outside an array, arrays are shared, or a
   *     residual is expected
   */
  public void run(
      float[] input,
      int inputFirst,
      int inputStride,
      float[] weights,
      float[] bias,
      float[] output,
      int outputFirst,
      int outputStride) {
    checkNoResidual();
    Slice.require("input", input, inputFirst, inputStride, batch, inputImage);
    Slice.require("output", output, outputFirst, outputStride, batch, outputImage);
    Check.distinct("input", input, "output", output);
    execute(
        calls
            .take()
            .input(input, inputFirst, inputStride)
            .filter(weights, bias)
            .residual(null, 0, 0)
            .output(output, outputFirst, outputStride));
  }

  /**
   * Computes the output from an input that is NCHW, for algorithms that {@link
   * ConvAlgorithm#takesPlanar take} one.
   *
   * @throws IllegalArgumentException if a length is wrong, arrays are shared, or a residual is
   *     expected
   */
  public void runPlanar(float[] input, float[] weights, float[] bias, Slice output) {
    checkNoResidual();
    Check.length("input", input, batch * planarImage);
    output.require("output", batch, outputImage);
    Check.distinct("input", input, "output", output.data());
    execute(
        calls
            .take()
            .planarInput(input, planarImage)
            .filter(weights, bias)
            .residual(null, 0, 0)
            .output(output.data(), output.first(), output.imageStride()));
  }

  private void checkNoResidual() {
    Check.that(!options.residual(), "this plan was made with a residual: pass one");
  }

  private void execute(ConvCall call) {
    if (batch > 0) {
      if (padding != null) {
        call.pad(padding, paddedImage);
      }
      options.workers().run(call);
    }
    call.clear();
    calls.give(call);
  }
}
