package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.transposed.TransposedAxis;
import dev.lanewise.kernels.transposed.TransposedShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.TransposedConvolution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A transposed convolution in one, two or three spatial dimensions: {@code [n, in, spatial...]} to
 * {@code [n, out, spatial...]}, with {@code weight [in, out / groups, kernel...]} and {@code bias
 * [out]}.
 */
public final class ConvTranspose implements Layer {

  private final TransposedShape window;
  private final Tensor weight;
  private final Tensor bias;

  /**
   * A kernel of one size in all dimensions, stride 1, no padding.
   *
   * @param dimensions spatial dimensions, 1 to 3
   */
  public ConvTranspose(int dimensions, int inChannels, int outChannels, int kernel) {
    this(
        new TransposedShape(
            1,
            inChannels,
            outChannels,
            1,
            Collections.nCopies(dimensions, TransposedAxis.of(kernel, kernel))));
  }

  /**
   * A convolution with the channels, kernel, strides, padding, dilation and groups of a shape,
   * whatever its batch and input size.
   */
  public ConvTranspose(TransposedShape like) {
    window = like;
    weight = Tensor.parameter(like.filterDims());
    bias = Tensor.parameter(like.outChannels());
  }

  /** A layer like this one, with fresh parameters and another stride. */
  public ConvTranspose stride(int... stride) {
    return new ConvTranspose(window.stride(stride));
  }

  /** A layer like this one, with fresh parameters and that much cut from each side. */
  public ConvTranspose padding(int... padding) {
    return new ConvTranspose(window.padding(padding));
  }

  /** A layer like this one, with fresh parameters and that much added to the far side. */
  public ConvTranspose outputPadding(int... padding) {
    return new ConvTranspose(window.outputPadding(padding));
  }

  /** A layer like this one, with fresh parameters and another number of groups. */
  public ConvTranspose groups(int groups) {
    return new ConvTranspose(window.groups(groups));
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return TransposedConvolution.apply(input, weight, bias, problem(input.shape()), context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return problem(inputShape).outputDims();
  }

  private TransposedShape problem(int... inputShape) {
    int dimensions = window.axes().size();
    Check.that(
        inputShape.length == dimensions + 2 && inputShape[1] == window.inChannels(),
        "transposed convolution %d > %d needs an input [n, %d, %d spatial dimensions], got %s",
        window.inChannels(),
        window.outChannels(),
        window.inChannels(),
        dimensions,
        Tensor.text(inputShape));
    List<TransposedAxis> axes = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      TransposedAxis axis = window.axes().get(i);
      axes.add(
          new TransposedAxis(
              inputShape[i + 2],
              axis.kernel(),
              axis.stride(),
              axis.padBefore(),
              axis.padAfter(),
              axis.outputPadding(),
              axis.dilation()));
    }
    return new TransposedShape(
        inputShape[0], window.inChannels(), window.outChannels(), window.groups(), axes);
  }

  @Override
  public Map<String, Tensor> parameters() {
    return Conv.named(weight, bias);
  }

  @Override
  public void initialize(Initializer initializer, Random random) {
    int taps = window.kernelTaps();
    Fan fan =
        new Fan(
            window.outChannels() / window.groups() * taps,
            window.inChannels() / window.groups() * taps);
    initializer.weight(weight.data(), fan, random);
    initializer.bias(bias.data(), fan, random);
  }

  @Override
  public long multiplyAdds(int... inputShape) {
    return problem(inputShape).multiplyAdds();
  }
}
