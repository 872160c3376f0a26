package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Convolution;
import dev.lanewise.nn.op.Normalization.Epilogue;
import dev.lanewise.nn.op.PlaneConvolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A convolution (cross-correlation) in one, two or three spatial dimensions: {@code [n, in,
 * spatial...]} to {@code [n, out, spatial...]}, with {@code weight [out, in / groups, kernel...]}
 * and, unless it has none, {@code bias [out]}.
 *
 * @param <C> the kind of convolution that the methods for its options return
 */
public abstract sealed class Conv<C extends Conv<C>> implements Fusing
    permits Conv1d, Conv2d, Conv3d {

  private final ConvShape window;
  private final boolean biased;
  private Parameters parameters;

  /** The trained values. */
  private record Parameters(Tensor weight, Tensor bias) {}

  Conv(int dimensions, ConvShape window, boolean biased) {
    Check.that(
        window.axes().size() == dimensions,
        "a Conv%dd needs %d spatial dimensions, the shape has %d",
        dimensions,
        dimensions,
        window.axes().size());
    this.window = window;
    this.biased = biased;
  }

  /** A layer of this kind with other options. */
  abstract C like(ConvShape newWindow, boolean newBiased);

  /** A layer like this one, with fresh parameters and padding: for all axes, or one for each. */
  public final C padding(int... padding) {
    return like(window.padding(padding), biased);
  }

  /** A layer like this one, with fresh parameters and padding of another kind than zeros. */
  public final C padding(PaddingMode mode) {
    return like(window.padding(mode), biased);
  }

  /** A layer like this one, with fresh parameters and stride: for all axes, or one for each. */
  public final C stride(int... stride) {
    return like(window.stride(stride), biased);
  }

  /** A layer like this one, with fresh parameters and dilation: for all axes, or one for each. */
  public final C dilation(int... dilation) {
    return like(window.dilation(dilation), biased);
  }

  /** A layer like this one, with fresh parameters and another number of groups. */
  public final C groups(int groups) {
    return like(window.groups(groups), biased);
  }

  /** A layer like this one, with fresh parameters and with or without a bias. */
  public final C bias(boolean wanted) {
    return like(window, wanted);
  }

  /** The trained values, made at first use: most layers are options on the way to another. */
  private Parameters own() {
    if (parameters == null) {
      parameters =
          new Parameters(
              Tensor.parameter(window.filterDims()),
              biased ? Tensor.parameter(window.outChannels()) : null);
    }
    return parameters;
  }

  @Override
  public final Tensor forward(Tensor input, Epilogue epilogue, Context context) {
    ConvShape problem = problem(input.shape());
    Parameters own = own();
    if (epilogue.residual() == null
        && PlaneConvolution.pays(input, problem, epilogue.activation())) {
      return PlaneConvolution.apply(
          input, own.weight, own.bias, problem, epilogue.activation(), context);
    }
    Tensor y = Convolution.apply(input, own.weight, own.bias, problem, context);
    return epilogue.after(y, context);
  }

  @Override
  public final int[] outputShape(int... inputShape) {
    return problem(inputShape).outputDims();
  }

  @Override
  public final Operator operator(int... inputShape) {
    return new Operator.Convolution(problem(inputShape), own().weight, own().bias);
  }

  /** The convolution problem for an input shape. */
  private ConvShape problem(int... inputShape) {
    int dimensions = window.axes().size();
    Check.that(
        inputShape.length == dimensions + 2 && inputShape[1] == window.inChannels(),
        "%s needs an input [n, %d, %s], got %s",
        this,
        window.inChannels(),
        String.join(", ", List.of("d", "h", "w").subList(3 - dimensions, 3)),
        Tensor.text(inputShape));
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      Axis axis = window.axes().get(i);
      axes.add(
          new Axis(
              inputShape[i + 2],
              axis.kernel(),
              axis.stride(),
              axis.padBefore(),
              axis.padAfter(),
              axis.dilation()));
    }
    return new ConvShape(
        inputShape[0],
        window.inChannels(),
        window.outChannels(),
        window.groups(),
        axes,
        window.paddingMode());
  }

  @Override
  public final Map<String, Tensor> parameters() {
    return named(own().weight, own().bias);
  }

  /** A weight and, unless it is null, a bias under their names. */
  static Map<String, Tensor> named(Tensor weight, Tensor bias) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put("weight", weight);
    if (bias != null) {
      named.put("bias", bias);
    }
    return named;
  }

  @Override
  public final void initialize(Initializer initializer, Random random) {
    int reached = window.outChannels() / window.groups() * window.kernelTaps();
    Fan fan = new Fan(window.terms(), reached);
    initializer.weight(own().weight.data(), fan, random);
    if (biased) {
      initializer.bias(own().bias.data(), fan, random);
    }
  }

  @Override
  public final long multiplyAdds(int... inputShape) {
    return problem(inputShape).multiplyAdds();
  }

  @Override
  public final List<Axis> windows(int... inputShape) {
    return problem(inputShape).axes();
  }

  @Override
  public final String toString() {
    String kernel =
        window.axes().stream()
            .map(axis -> String.valueOf(axis.kernel()))
            .collect(Collectors.joining("x"));
    return "convolution %s %d > %d".formatted(kernel, window.inChannels(), window.outChannels());
  }
}
