package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Arrays;

/**
 * Backward pass of a convolution of any shape, as matrix products.
 *
 * <p>Activations and their gradients are {@link Layout#NCHW16C}, filters {@code
 * [outChannels][inChannels / groups][kernel...]}. Sums are cut into parts that depend on the shape
 * alone, so results have the same bits for any number of workers. An instance keeps its memory: a
 * steady state allocates nothing. Calls from several threads wait for each other.
 */
public final class Im2colGradient {

  private final ConvShape shape;
  private final Geometry geometry;
  private final int inputLength;
  private final int outputLength;
  private final int filterLength;
  private DataGradient data;
  private FilterGradient filter;

  /**
   * Prepares the gradients of a convolution.
   *
   * @throws IllegalArgumentException if its padding is not zeros
   */
  public Im2colGradient(ConvShape shape) {
    Check.that(
        shape.paddingMode() == PaddingMode.ZERO,
        "gradients are computed of zero padding, not %s: pad first",
        shape.paddingMode().label());
    this.shape = shape;
    geometry = new Geometry(shape);
    inputLength = Layout.NCHW16C.length(shape.inputDims());
    filterLength = shape.filterLength();
    outputLength = Layout.NCHW16C.length(shape.outputDims());
  }

  /** The problem. */
  public ConvShape shape() {
    return shape;
  }

  /**
   * Gradient of the input.
   *
   * @param gradOutput gradient of the output, padding lanes zero
   * @param gradInput overwritten, padding lanes zero
   * @throws IllegalArgumentException if a length is wrong or both gradients are one array
   */
  public synchronized void data(
      float[] filterValues, float[] gradOutput, float[] gradInput, Workers workers) {
    Check.length("filter", filterValues, filterLength);
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradInput", gradInput, inputLength);
    Check.distinct("gradOutput", gradOutput, "gradInput", gradInput);
    if (data == null) {
      data = new DataGradient(geometry);
    }
    data.run(filterValues, gradOutput, gradInput, workers);
  }

  /**
   * Gradient of the filter.
   *
   * @param input input of the forward pass, padding lanes zero
   * @param gradOutput gradient of the output, padding lanes zero
   * @param gradFilter overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public synchronized void filter(
      float[] input, float[] gradOutput, float[] gradFilter, Workers workers) {
    Check.length("input", input, inputLength);
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradFilter", gradFilter, filterLength);
    if (filter == null) {
      filter = new FilterGradient(geometry);
    }
    filter.run(input, gradOutput, gradFilter, workers);
  }

  /**
   * Gradient of the bias: sums over images and pixels, an image at a time.
   *
   * @param gradOutput gradient of the output
   * @param gradBias one float for each output channel, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public void bias(float[] gradOutput, float[] gradBias) {
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradBias", gradBias, geometry.outChannels);
    Arrays.fill(gradBias, 0f);
    for (int image = 0; image < geometry.batch; image++) {
      for (int channel = 0; channel < gradBias.length; channel++) {
        int block = image * geometry.outBlocks + channel / Layout.BLOCK;
        int from = block * geometry.outPixels * Layout.BLOCK + channel % Layout.BLOCK;
        gradBias[channel] += sum(gradOutput, from, geometry.outPixels);
      }
    }
  }

  /** Four chains, to fill the adder's latency. */
  private static float sum(float[] values, int from, int pixels) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int p = 0;
    for (; p <= pixels - 4; p += 4) {
      int at = from + p * Layout.BLOCK;
      sum0 += values[at];
      sum1 += values[at + Layout.BLOCK];
      sum2 += values[at + 2 * Layout.BLOCK];
      sum3 += values[at + 3 * Layout.BLOCK];
    }
    for (; p < pixels; p++) {
      sum0 += values[from + p * Layout.BLOCK];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
