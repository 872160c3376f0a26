package dev.lanewise.kernels.shape;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A convolution problem in one, two or three spatial dimensions: an immutable value that owns the
 * output arithmetic, the count of multiply-adds and the validation.
 *
 * <p>Input {@code [batch][inChannels][spatial...]}, filter {@code [outChannels][inChannels /
 * groups][kernel...]}, output {@code [batch][outChannels][spatial...]}. Its text is one line in the
 * style of benchdnn, such as {@code ic64ih56oc64oh56kh3ph1}, read and written by {@link ShapeText}.
 *
 * @param batch images; 0 is an empty batch, for which nothing is computed
 * @param inChannels input channels, a multiple of {@code groups}
 * @param outChannels output channels, a multiple of {@code groups}
 * @param groups independent channel groups
 * @param axes spatial dimensions, outermost first: (width), (height, width) or (depth, height,
 *     width)
 * @param paddingMode what the padding of the axes consists of
 */
public record ConvShape(
    int batch,
    int inChannels,
    int outChannels,
    int groups,
    List<Axis> axes,
    PaddingMode paddingMode) {

  /**
   * Validates the shape.
   *
   * @throws IllegalArgumentException if a count is below 1 (the batch below 0), groups do not
   *     divide the channels, there are not 1 to 3 axes, input, output or filter exceed 2^31 - 1
   *     elements, or the mode cannot fill the padding from the input
   */
  public ConvShape {
    Check.notNegative("batch", batch);
    Check.positive("inChannels", inChannels);
    Check.positive("outChannels", outChannels);
    Check.positive("groups", groups);
    Check.that(
        inChannels % groups == 0, "groups=%d does not divide inChannels=%d", groups, inChannels);
    Check.that(
        outChannels % groups == 0, "groups=%d does not divide outChannels=%d", groups, outChannels);
    axes = List.copyOf(Objects.requireNonNull(axes, "axes"));
    Dims.checkAxes(axes);
    Check.elements("input", Dims.of(batch, Dims.blocked(inChannels), axes, Axis::input));
    if (axes.stream().allMatch(Axis::fits)) {
      Check.elements("output", Dims.of(batch, Dims.blocked(outChannels), axes, Axis::output));
    }
    Check.elements(
        "filter",
        Dims.of(Dims.blocked(outChannels), Dims.blocked(inChannels / groups), axes, Axis::kernel));
    Objects.requireNonNull(paddingMode, "paddingMode");
    for (Axis axis : axes) {
      paddingMode.check(axis.input(), axis.padBefore(), axis.padAfter());
    }
  }

  /** A shape whose padding is zeros. */
  public ConvShape(int batch, int inChannels, int outChannels, int groups, List<Axis> axes) {
    this(batch, inChannels, outChannels, groups, axes, PaddingMode.ZERO);
  }

  /** A dense 1-D convolution: stride 1, no padding, one group. */
  public static ConvShape conv1d(
      int batch, int inChannels, int width, int outChannels, int kernel) {
    return new ConvShape(batch, inChannels, outChannels, 1, List.of(Axis.of(width, kernel)));
  }

  /** A dense 2-D convolution: stride 1, no padding, one group. */
  public static ConvShape conv2d(
      int batch,
      int inChannels,
      int height,
      int width,
      int outChannels,
      int kernelHeight,
      int kernelWidth) {
    return new ConvShape(
        batch,
        inChannels,
        outChannels,
        1,
        List.of(Axis.of(height, kernelHeight), Axis.of(width, kernelWidth)));
  }

  /** A dense 3-D convolution with a cubic kernel: stride 1, no padding, one group. */
  public static ConvShape conv3d(
      int batch, int inChannels, int depth, int height, int width, int outChannels, int kernel) {
    return new ConvShape(
        batch,
        inChannels,
        outChannels,
        1,
        List.of(Axis.of(depth, kernel), Axis.of(height, kernel), Axis.of(width, kernel)));
  }

  /**
   * Reads the one-line text form.
   *
   * @throws IllegalArgumentException if the text breaks its grammar or a rule of shapes
   */
  public static ConvShape parse(String text) {
    return ShapeText.parse(text);
  }

  /** This shape with another batch. */
  public ConvShape batch(int value) {
    return new ConvShape(value, inChannels, outChannels, groups, axes, paddingMode);
  }

  /** This shape with another number of groups. */
  public ConvShape groups(int value) {
    return new ConvShape(batch, inChannels, outChannels, value, axes, paddingMode);
  }

  /** This shape with other strides: one for all axes, or one for each. */
  public ConvShape stride(int... values) {
    return axes(i -> axes.get(i).withStride(Dims.value("stride", values, i, axes)));
  }

  /** This shape with the same padding before and after: one for all axes, or one for each. */
  public ConvShape padding(int... values) {
    return padding(values, values);
  }

  /** This shape with padding before and after: one for all axes, or one for each. */
  public ConvShape padding(int[] before, int[] after) {
    return axes(
        i ->
            axes.get(i)
                .withPadding(
                    Dims.value("padding", before, i, axes), Dims.value("padding", after, i, axes)));
  }

  /** This shape with another mode of padding. */
  public ConvShape padding(PaddingMode value) {
    return new ConvShape(batch, inChannels, outChannels, groups, axes, value);
  }

  /** This shape without padding. */
  public ConvShape valid() {
    return padding(0);
  }

  /**
   * This shape with the padding that makes the output as large as the input, as PyTorch places it:
   * half before, and the odd element after.
   *
   * @throws IllegalArgumentException if a stride is not 1
   */
  public ConvShape same() {
    for (Axis axis : axes) {
      Check.that(
          axis.stride() == 1, "same padding needs stride 1, not %d: see sameUpper", axis.stride());
    }
    return sameUpper();
  }

  /**
   * This shape with the padding that makes the output {@code ceil(input / stride)}, the odd element
   * after: TensorFlow's SAME and ONNX's SAME_UPPER.
   */
  public ConvShape sameUpper() {
    return axes(
        i -> {
          Axis axis = axes.get(i);
          int total = axis.samePadding();
          return axis.withPadding(total / 2, total - total / 2);
        });
  }

  /** Like {@link #sameUpper}, the odd element before: ONNX's SAME_LOWER. */
  public ConvShape sameLower() {
    return axes(
        i -> {
          Axis axis = axes.get(i);
          int total = axis.samePadding();
          return axis.withPadding(total - total / 2, total / 2);
        });
  }

  /**
   * What is left to compute once padding of a mode other than zeros is made part of the input: a
   * valid convolution of the larger input. A shape of zero padding is returned as it is.
   */
  public ConvShape zeroPadded() {
    if (paddingMode == PaddingMode.ZERO) {
      return this;
    }
    List<Axis> padded =
        axes.stream()
            .map(
                axis ->
                    new Axis(axis.padded(), axis.kernel(), axis.stride(), 0, 0, axis.dilation()))
            .toList();
    return new ConvShape(batch, inChannels, outChannels, groups, padded);
  }

  /** This shape with other dilations: one for all axes, or one for each. */
  public ConvShape dilation(int... values) {
    return axes(i -> axes.get(i).withDilation(Dims.value("dilation", values, i, axes)));
  }

  private ConvShape axes(IntFunction<Axis> axis) {
    return new ConvShape(
        batch,
        inChannels,
        outChannels,
        groups,
        IntStream.range(0, axes.size()).mapToObj(axis).toList(),
        paddingMode);
  }

  /** Input dimensions {@code [batch, inChannels, spatial...]}. */
  public int[] inputDims() {
    return Dims.of(batch, inChannels, axes, Axis::input);
  }

  /**
   * Output dimensions {@code [batch, outChannels, spatial...]}.
   *
   * @throws IllegalArgumentException if a dilated kernel is larger than its padded input
   */
  public int[] outputDims() {
    return Dims.of(batch, outChannels, axes, Axis::output);
  }

  /** Filter dimensions {@code [outChannels, inChannels / groups, kernel...]}. */
  public int[] filterDims() {
    return Dims.of(outChannels, inChannels / groups, axes, Axis::kernel);
  }

  /** Elements of the filter. */
  public int filterLength() {
    return Check.elements("filter", filterDims());
  }

  /** Output positions of one image and channel. */
  public int outputPixels() {
    return axes.stream().mapToInt(Axis::output).reduce(1, (a, b) -> a * b);
  }

  /** Input positions of one image and channel. */
  public int inputPixels() {
    return axes.stream().mapToInt(Axis::input).reduce(1, (a, b) -> a * b);
  }

  /** Taps of the kernel: the product of its sizes. */
  public int kernelTaps() {
    int taps = 1;
    for (int i = 0; i < axes.size(); i++) {
      taps *= axes.get(i).kernel();
    }
    return taps;
  }

  /** Products summed into one output element, padding included. */
  public int terms() {
    return inChannels / groups * kernelTaps();
  }

  /** Multiply-adds of the direct definition, padding included. */
  public long multiplyAdds() {
    return (long) batch * outChannels * outputPixels() * terms();
  }

  @Override
  public String toString() {
    return ShapeText.format(this);
  }
}
