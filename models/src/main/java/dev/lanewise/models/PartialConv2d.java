package dev.lanewise.models;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Fan;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.op.Concat;
import dev.lanewise.nn.op.Convolution;
import dev.lanewise.nn.op.Gather;
import dev.lanewise.nn.op.Reshape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A convolution without padding whose output channels see some of the input channels each: {@code
 * weight [connections, k, k]}, in the order of the output channels, and {@code bias [out]}.
 *
 * <p>It runs as a full convolution whose other filters are zeros.
 */
final class PartialConv2d implements Layer {

  private final int inChannels;
  private final int kernel;
  private final int[][] table;

  /** The full convolution, for its shapes alone. */
  private final Conv2d full;

  private final Tensor weight;
  private final Tensor bias;
  private final Tensor none;

  /** For each pair of an output and an input channel the connection, or the one of zeros. */
  private final int[] connections;

  PartialConv2d(int inChannels, int kernel, int[][] table) {
    this.inChannels = inChannels;
    this.kernel = kernel;
    this.table = table;
    full = new Conv2d(inChannels, table.length, kernel);
    int count = Arrays.stream(table).mapToInt(inputs -> inputs.length).sum();
    weight = Tensor.parameter(count, kernel, kernel);
    bias = Tensor.parameter(table.length);
    none = Tensor.zeros(1, kernel, kernel);
    connections = new int[table.length * inChannels];
    Arrays.fill(connections, count);
    int next = 0;
    for (int out = 0; out < table.length; out++) {
      for (int in : table[out]) {
        connections[out * inChannels + in] = next++;
      }
    }
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    ConvShape shape = problem(input.shape());
    return Convolution.apply(input, filter(shape, context), bias, shape, context);
  }

  /** In use the full convolution. */
  @Override
  public Operator operator(int... inputShape) {
    ConvShape shape = problem(inputShape);
    Tensor filter = filter(shape, Context.inference(Workers.shared()));
    return new Operator.Convolution(shape, Tensor.of(filter.values(), shape.filterDims()), bias);
  }

  private ConvShape problem(int... in) {
    outputShape(in);
    return ConvShape.conv2d(in[0], inChannels, in[2], in[3], table.length, kernel, kernel);
  }

  private Tensor filter(ConvShape shape, Context context) {
    Tensor filters = Concat.apply(List.of(weight, none), 0, context);
    Tensor all = Gather.apply(filters, 0, connections, context);
    return Reshape.apply(all, context, shape.filterDims());
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return full.outputShape(inputShape);
  }

  @Override
  public List<Axis> windows(int... inputShape) {
    return full.windows(inputShape);
  }

  /** Those of the connections that there are. */
  @Override
  public long multiplyAdds(int... inputShape) {
    return full.multiplyAdds(inputShape) / connections.length * weight.dim(0);
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
    int area = kernel * kernel;
    Fan fan = new Fan(weight.dim(0) * area / table.length, weight.dim(0) * area / inChannels);
    initializer.weight(weight.data(), fan, random);
    initializer.bias(bias.data(), fan, random);
  }
}
