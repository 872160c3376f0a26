package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.Dims;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A transposed convolution problem in one, two or three spatial dimensions: an immutable value that
 * owns the output arithmetic and the validation.
 *
 * <p>Input {@code [batch][inChannels][spatial...]}, filter {@code [inChannels][outChannels /
 * groups][kernel...]}, output {@code [batch][outChannels][spatial...]}. It is the gradient by the
 * input of the convolution {@link #forward()}, whose channels are the other way round and whose
 * filter is the same array.
 *
 * @param batch images; 0 is an empty batch, for which nothing is computed
 * @param inChannels input channels, a multiple of {@code groups}
 * @param outChannels output channels, a multiple of {@code groups}
 * @param groups independent channel groups
 * @param axes spatial dimensions, outermost first
 */
public record TransposedShape(
    int batch, int inChannels, int outChannels, int groups, List<TransposedAxis> axes) {

  /**
   * Validates the shape.
   *
   * @throws IllegalArgumentException if a count is below 1 (the batch below 0), groups do not
   *     divide the channels, there are not 1 to 3 axes, or input, output or filter exceed 2^31 - 1
   *     elements
   */
  public TransposedShape {
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
    Check.elements("input", Dims.of(batch, Dims.blocked(inChannels), axes, TransposedAxis::input));
    if (axes.stream().allMatch(TransposedAxis::fits)) {
      Check.elements(
          "output", Dims.of(batch, Dims.blocked(outChannels), axes, TransposedAxis::output));
    }
    Check.elements(
        "filter",
        Dims.of(
            Dims.blocked(inChannels),
            Dims.blocked(outChannels / groups),
            axes,
            TransposedAxis::kernel));
  }

  /** Stride 1, no padding, one group, in 1-D. */
  public static TransposedShape transposed1d(
      int batch, int inChannels, int width, int outChannels, int kernel) {
    return new TransposedShape(
        batch, inChannels, outChannels, 1, List.of(TransposedAxis.of(width, kernel)));
  }

  /** Stride 1, no padding, one group, in 2-D. */
  public static TransposedShape transposed2d(
      int batch,
      int inChannels,
      int height,
      int width,
      int outChannels,
      int kernelHeight,
      int kernelWidth) {
    return new TransposedShape(
        batch,
        inChannels,
        outChannels,
        1,
        List.of(TransposedAxis.of(height, kernelHeight), TransposedAxis.of(width, kernelWidth)));
  }

  /** A cubic kernel, stride 1, no padding, one group, in 3-D. */
  public static TransposedShape transposed3d(
      int batch, int inChannels, int depth, int height, int width, int outChannels, int kernel) {
    return new TransposedShape(
        batch,
        inChannels,
        outChannels,
        1,
        List.of(
            TransposedAxis.of(depth, kernel),
            TransposedAxis.of(height, kernel),
            TransposedAxis.of(width, kernel)));
  }

  /**
   * The transposed convolution that turns the gradient of a convolution's output into that of its
   * input, with the convolution's own filter.
   *
   * @throws IllegalArgumentException if a dilated kernel is larger than its padded input
   */
  public static TransposedShape gradientOf(ConvShape shape) {
    return new TransposedShape(
        shape.batch(),
        shape.outChannels(),
        shape.inChannels(),
        shape.groups(),
        shape.axes().stream().map(TransposedAxis::gradientOf).toList());
  }

  /**
   * The convolution whose gradient by the input this is.
   *
   * @throws IllegalArgumentException if the padding leaves no output, or an output padding is not
   *     below its stride
   */
  public ConvShape forward() {
    return new ConvShape(
        batch,
        outChannels,
        inChannels,
        groups,
        axes.stream().map(TransposedAxis::forward).toList());
  }

  /** This shape with another batch. */
  public TransposedShape batch(int value) {
    return new TransposedShape(value, inChannels, outChannels, groups, axes);
  }

  /** This shape with another number of groups. */
  public TransposedShape groups(int value) {
    return new TransposedShape(batch, inChannels, outChannels, value, axes);
  }

  /** This shape with other strides: one for all axes, or one for each. */
  public TransposedShape stride(int... values) {
    return axes(i -> axes.get(i).withStride(Dims.value("stride", values, i, axes)));
  }

  /** This shape with the same padding before and after: one for all axes, or one for each. */
  public TransposedShape padding(int... values) {
    return padding(values, values);
  }

  /** This shape with padding before and after: one for all axes, or one for each. */
  public TransposedShape padding(int[] before, int[] after) {
    return axes(
        i ->
            axes.get(i)
                .withPadding(
                    Dims.value("padding", before, i, axes), Dims.value("padding", after, i, axes)));
  }

  /**
   * This shape with other output padding, one for all axes or one for each; give it after the
   * stride or dilation, one of which must be larger.
   */
  public TransposedShape outputPadding(int... values) {
    return axes(i -> axes.get(i).withOutputPadding(Dims.value("outputPadding", values, i, axes)));
  }

  /** This shape with other dilations: one for all axes, or one for each. */
  public TransposedShape dilation(int... values) {
    return axes(i -> axes.get(i).withDilation(Dims.value("dilation", values, i, axes)));
  }

  private TransposedShape axes(IntFunction<TransposedAxis> axis) {
    return new TransposedShape(
        batch,
        inChannels,
        outChannels,
        groups,
        IntStream.range(0, axes.size()).mapToObj(axis).toList());
  }

  /** Input dimensions {@code [batch, inChannels, spatial...]}. */
  public int[] inputDims() {
    return Dims.of(batch, inChannels, axes, TransposedAxis::input);
  }

  /**
   * Output dimensions {@code [batch, outChannels, spatial...]}.
   *
   * @throws IllegalArgumentException if the padding leaves no output
   */
  public int[] outputDims() {
    return Dims.of(batch, outChannels, axes, TransposedAxis::output);
  }

  /** Filter dimensions {@code [inChannels, outChannels / groups, kernel...]}. */
  public int[] filterDims() {
    return Dims.of(inChannels, outChannels / groups, axes, TransposedAxis::kernel);
  }

  /** Elements of the filter. */
  public int filterLength() {
    return Check.elements("filter", filterDims());
  }

  /** Output positions of one image and channel. */
  public int outputPixels() {
    return axes.stream().mapToInt(TransposedAxis::output).reduce(1, (a, b) -> a * b);
  }

  /** Taps of the kernel: the product of its sizes. */
  public int kernelTaps() {
    int taps = 1;
    for (int i = 0; i < axes.size(); i++) {
      taps *= axes.get(i).kernel();
    }
    return taps;
  }

  /** Multiply-adds of the definition, those whose result is cut off included. */
  public long multiplyAdds() {
    long pixels = axes.stream().mapToInt(TransposedAxis::input).reduce(1, (a, b) -> a * b);
    return batch * pixels * inChannels * (outChannels / groups) * kernelTaps();
  }

  /** Whether a convolution of stride 1 with the mirrored kernel computes the same. */
  boolean isMirrored() {
    return axes.stream().allMatch(TransposedAxis::isMirrored);
  }

  /** That convolution. */
  ConvShape mirrored() {
    return new ConvShape(
        batch,
        inChannels,
        outChannels,
        groups,
        axes.stream().map(TransposedAxis::mirrored).toList());
  }

  /** One line: the sizes of input, output and kernel, and what of the rest is unusual. */
  @Override
  public String toString() {
    return "transposed g%d mb%d ic%d oc%d %s"
        .formatted(
            groups,
            batch,
            inChannels,
            outChannels,
            axes.stream()
                .map(
                    axis ->
                        "i%dk%ds%dp%dr%dop%dd%d"
                            .formatted(
                                axis.input(),
                                axis.kernel(),
                                axis.stride(),
                                axis.padBefore(),
                                axis.padAfter(),
                                axis.outputPadding(),
                                axis.dilation() - 1))
                .collect(Collectors.joining(" ")));
  }
}
