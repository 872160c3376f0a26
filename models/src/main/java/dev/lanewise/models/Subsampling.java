package dev.lanewise.models;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.layer.Fan;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.op.Arithmetic;
import dev.lanewise.nn.op.Reshape;
import dev.lanewise.nn.op.Scale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The sums of 2x2 squares, times a coefficient of the channel, plus a bias of the channel: {@code
 * [n, c, h, w]} to {@code [n, c, h / 2, w / 2]}, with {@code weight [c]} and {@code bias [c]}.
 */
final class Subsampling implements Layer {

  private static final int SIDE = 2;

  private final Pool mean = Pool.average(SIDE);
  private final Tensor weight;
  private final Tensor bias;

  Subsampling(int channels) {
    weight = Tensor.parameter(channels);
    bias = Tensor.parameter(channels);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    Tensor sum = Scale.apply(mean.forward(input, context), SIDE * SIDE, 0, context);
    Tensor product = Arithmetic.multiply(sum, perChannel(weight, context), context);
    return Arithmetic.add(product, perChannel(bias, context), context);
  }

  private static Tensor perChannel(Tensor values, Context context) {
    return Reshape.apply(values, context, 1, values.size(), 1, 1);
  }

  /** In use a depthwise convolution, all taps of a channel its coefficient. */
  @Override
  public Operator operator(int... inputShape) {
    int channels = weight.size();
    outputShape(inputShape);
    float[] taps = new float[channels * SIDE * SIDE];
    for (int i = 0; i < taps.length; i++) {
      taps[i] = weight.data()[i / (SIDE * SIDE)];
    }
    ConvShape shape =
        ConvShape.conv2d(
                inputShape[0], channels, inputShape[2], inputShape[3], channels, SIDE, SIDE)
            .groups(channels)
            .stride(SIDE);
    return new Operator.Convolution(shape, Tensor.of(taps, shape.filterDims()), bias);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return mean.outputShape(inputShape);
  }

  @Override
  public List<Axis> windows(int... inputShape) {
    return mean.windows(inputShape);
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> own = new LinkedHashMap<>();
    own.put("weight", weight);
    own.put("bias", bias);
    return own;
  }

  @Override
  public void initialize(Initializer initializer, Random random) {
    Fan fan = new Fan(SIDE * SIDE, 1);
    initializer.weight(weight.data(), fan, random);
    initializer.bias(bias.data(), fan, random);
  }
}
