package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Convolution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A two-dimensional convolution (cross-correlation) with a bias: {@code [n, in, h, w]} to {@code
 * [n, out, oh, ow]}, {@code weight [out, in / groups, kh, kw]}, {@code bias [out]}.
 */
public final class Conv2d implements Layer {

  private final ConvShape window;
  private final Tensor weight;
  private final Tensor bias;

  /** A square kernel, stride 1, no padding; the parameters are zero until set. */
  public Conv2d(int inChannels, int outChannels, int kernel) {
    this(smallest(inChannels, outChannels, kernel));
  }

  /**
   * A convolution with the channels, kernel, strides, padding, dilation and groups of a shape,
   * whatever its batch and input size.
   *
   * @throws IllegalArgumentException unless the shape has two spatial dimensions
   */
  public Conv2d(ConvShape like) {
    Check.that(
        like.axes().size() == 2,
        "a Conv2d needs 2 spatial dimensions, the shape has %d",
        like.axes().size());
    window = like;
    weight = Tensor.parameter(like.filterDims());
    bias = Tensor.parameter(like.outChannels());
  }

  private static ConvShape smallest(int inChannels, int outChannels, int kernel) {
    return ConvShape.conv2d(1, inChannels, kernel, kernel, outChannels, kernel, kernel);
  }

  /** A layer like this one, with fresh parameters and the same padding on all sides. */
  public Conv2d padding(int padding) {
    return new Conv2d(window.padding(padding));
  }

  /** A layer like this one, with fresh parameters and another stride. */
  public Conv2d stride(int stride) {
    return new Conv2d(window.stride(stride));
  }

  /** A layer like this one, with fresh parameters and another number of groups. */
  public Conv2d groups(int groups) {
    return new Conv2d(window.groups(groups));
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return Convolution.apply(input, weight, bias, problem(input.shape()), context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return problem(inputShape).outputDims();
  }

  /** The convolution problem for an input shape. */
  private ConvShape problem(int... inputShape) {
    Check.that(
        inputShape.length == 4 && inputShape[1] == window.inChannels(),
        "%s needs an input [n, %d, h, w], got %s",
        this,
        window.inChannels(),
        Tensor.text(inputShape));
    List<Axis> axes =
        List.of(
            resized(window.axes().get(0), inputShape[2]),
            resized(window.axes().get(1), inputShape[3]));
    return new ConvShape(
        inputShape[0],
        window.inChannels(),
        window.outChannels(),
        window.groups(),
        axes,
        window.paddingMode());
  }

  private static Axis resized(Axis axis, int input) {
    return new Axis(
        input, axis.kernel(), axis.stride(), axis.padBefore(), axis.padAfter(), axis.dilation());
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> own = new LinkedHashMap<>();
    own.put("weight", weight);
    own.put("bias", bias);
    return own;
  }

  @Override
  public void initialize(Random random) {
    Uniform.fill(weight, window.terms(), random);
    Uniform.fill(bias, window.terms(), random);
  }

  @Override
  public long multiplyAdds(int... inputShape) {
    return problem(inputShape).multiplyAdds();
  }

  @Override
  public List<Axis> windows(int... inputShape) {
    return problem(inputShape).axes();
  }

  @Override
  public String toString() {
    return "convolution %dx%d %d > %d"
        .formatted(
            window.axes().get(0).kernel(),
            window.axes().get(1).kernel(),
            window.inChannels(),
            window.outChannels());
  }
}
