package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;

/**
 * One spatial dimension of a transposed convolution: input position {@code i} and tap {@code t}
 * meet in output position {@code i * stride - padBefore + t * dilation}.
 *
 * @param input input size in elements
 * @param kernel kernel size in taps
 * @param stride distance between the outputs of neighbouring inputs
 * @param padBefore elements cut off before the output
 * @param padAfter elements cut off after it
 * @param outputPadding elements appended to the output, to which fewer taps reach or none
 * @param dilation distance between neighbouring taps; 1 is a dense kernel
 */
public record TransposedAxis(
    int input,
    int kernel,
    int stride,
    int padBefore,
    int padAfter,
    int outputPadding,
    int dilation) {

  /**
   * Validates the axis.
   *
   * @throws IllegalArgumentException if a size, stride or dilation is below 1, a padding negative,
   *     the output padding neither below the stride nor the dilation, or the output not cut off
   *     exceeds 2^31 - 1
   */
  public TransposedAxis {
    Check.positive("input", input);
    Check.positive("kernel", kernel);
    Check.positive("stride", stride);
    Check.positive("dilation", dilation);
    Check.notNegative("padBefore", padBefore);
    Check.notNegative("padAfter", padAfter);
    Check.notNegative("outputPadding", outputPadding);
    Check.that(
        outputPadding < stride || outputPadding < dilation,
        "outputPadding=%d must be below stride=%d or dilation=%d",
        outputPadding,
        stride,
        dilation);
    long whole = (input - 1L) * stride + (kernel - 1L) * dilation + 1 + outputPadding;
    Check.that(whole <= Integer.MAX_VALUE, "output %d exceeds 2^31 - 1", whole);
  }

  /** A dense kernel of {@code kernel} taps, stride 1, without padding. */
  public static TransposedAxis of(int input, int kernel) {
    return new TransposedAxis(input, kernel, 1, 0, 0, 0, 1);
  }

  /**
   * The axis whose output is the gradient of a convolution axis's input.
   *
   * @throws IllegalArgumentException if the kernel is larger than the padded input
   */
  static TransposedAxis gradientOf(Axis axis) {
    return new TransposedAxis(
        axis.output(),
        axis.kernel(),
        axis.stride(),
        axis.padBefore(),
        axis.padAfter(),
        (axis.padded() - axis.extent()) % axis.stride(),
        axis.dilation());
  }

  /** This axis with another stride. */
  public TransposedAxis withStride(int value) {
    return new TransposedAxis(input, kernel, value, padBefore, padAfter, outputPadding, dilation);
  }

  /** This axis with other padding. */
  public TransposedAxis withPadding(int before, int after) {
    return new TransposedAxis(input, kernel, stride, before, after, outputPadding, dilation);
  }

  /** This axis with another output padding. */
  public TransposedAxis withOutputPadding(int value) {
    return new TransposedAxis(input, kernel, stride, padBefore, padAfter, value, dilation);
  }

  /** This axis with another dilation. */
  public TransposedAxis withDilation(int value) {
    return new TransposedAxis(input, kernel, stride, padBefore, padAfter, outputPadding, value);
  }

  /** Elements from the first to the last tap, inclusive. */
  public int extent() {
    return (kernel - 1) * dilation + 1;
  }

  /**
   * Output size {@code (input - 1) * stride + extent - padBefore - padAfter + outputPadding}.
   *
   * @throws IllegalArgumentException if the padding cuts everything off
   */
  public int output() {
    long size = size();
    Check.that(
        size >= 1,
        "padding %d and %d leaves no output of input=%d, kernel=%d, stride=%d, dilation=%d",
        padBefore,
        padAfter,
        input,
        kernel,
        stride,
        dilation);
    return (int) size;
  }

  /** Whether the padding leaves any output. */
  public boolean fits() {
    return size() >= 1;
  }

  private long size() {
    return (input - 1L) * stride + extent() + outputPadding - padBefore - padAfter;
  }

  /** The convolution axis whose input gradient this is; output padding has no place in it. */
  Axis forward() {
    Check.that(
        outputPadding < stride,
        "outputPadding=%d must be below stride=%d for a convolution to have this gradient",
        outputPadding,
        stride);
    return new Axis(output(), kernel, stride, padBefore, padAfter, dilation);
  }

  /** Whether a convolution of stride 1 with the mirrored kernel computes the same. */
  boolean isMirrored() {
    return stride == 1 && padBefore < extent() && padAfter < extent() + outputPadding;
  }

  /** The axis of that convolution. */
  Axis mirrored() {
    return new Axis(
        input,
        kernel,
        1,
        extent() - 1 - padBefore,
        extent() - 1 - padAfter + outputPadding,
        dilation);
  }
}
