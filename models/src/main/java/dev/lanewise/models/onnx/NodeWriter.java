package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import dev.lanewise.nn.op.Pooling.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Writes the nodes of a graph as those of ONNX, some as several, and their constants. */
final class NodeWriter {

  private final GraphProto.Builder graph;
  private final IdentityHashMap<Tensor, String> parameters = new IdentityHashMap<>();
  private final Set<String> written = new HashSet<>();
  private final IdentityHashMap<Value, String> names = new IdentityHashMap<>();
  private int constants;

  NodeWriter(GraphProto.Builder graph, Map<String, Tensor> state) {
    this.graph = graph;
    state.forEach((name, tensor) -> parameters.put(tensor, name));
  }

  /** What a value is called in the file. */
  String name(Value value) {
    return names.getOrDefault(value, value.name());
  }

  void write(Node node) {
    List<String> inputs = node.inputs().stream().map(this::name).toList();
    String input = inputs.getFirst();
    String output = node.output().name() + ":" + names.size();
    boolean nothing =
        node.operator() instanceof Operator.Identity || keepsSize(node.operator(), node.input());
    names.put(node.output(), nothing ? input : output);
    if (nothing) {
      return;
    }
    switch (node.operator()) {
      case Operator.Convolution(ConvShape shape, Tensor weight, Tensor bias) ->
          convolution(shape, weight, bias, input, output);
      case Operator.BatchNorm norm ->
          add(
              "BatchNormalization",
              List.of(
                  input,
                  constant(norm.affine().weight()),
                  constant(norm.affine().bias()),
                  constant(norm.running().mean()),
                  constant(norm.running().variance())),
              output,
              number("epsilon", norm.affine().epsilon()));
      case Operator.Activate(Activation activation) -> activate(activation, input, output);
      case Operator.Pool(PoolShape shape, Kind kind) -> pool(shape, kind, input, output);
      case Operator.AdaptivePool pool -> adaptivePool(pool, node.input(), input, output);
      case Operator.Linear(Tensor weight, Tensor bias) ->
          add("Gemm", List.of(input, constant(weight), constant(bias)), output, whole("transB", 1));
      case Operator.Flatten() -> add("Flatten", inputs, output, whole("axis", 1));
      case Operator.Sum(Activation activation) -> {
        String sum = before(activation, output);
        add("Add", inputs, sum);
        after(activation, sum, output);
      }
      case Operator.Concatenation() -> add("Concat", inputs, output, whole("axis", 1));
      case Operator.ChannelProduct() -> add("Mul", inputs, output);
      case Operator.ResponseNorm(var window) ->
          add(
              "LRN",
              inputs,
              output,
              whole("size", window.size()),
              number("alpha", window.alpha()),
              number("beta", window.beta()),
              number("bias", window.k()));
      case Operator.PadChannels(int channels) -> {
        long[] pads = new long[2 * node.input().rank()];
        pads[node.input().rank() + 1] = (long) channels - node.input().dim(1);
        add("Pad", List.of(input, integers(pads)), output);
      }
      case Operator.Scale(float factor) -> add("Mul", List.of(input, scalar(factor)), output);
      case Operator.NegativeSquaredDistance(Tensor points) -> distance(points, input, output);
      case Operator.Identity() -> throw new AssertionError(node);
      case Operator.Other(String type, _) ->
          throw new IllegalArgumentException(
              "layer %s: %s has no counterpart in ONNX".formatted(node.name(), type));
    }
  }

  /** Pooling to the size that is there. */
  private static boolean keepsSize(Operator operator, Value input) {
    return operator instanceof Operator.AdaptivePool pool
        && pool.size().equals(Arrays.stream(input.shape()).skip(2).boxed().toList());
  }

  private void convolution(
      ConvShape shape, Tensor weight, Tensor bias, String input, String output) {
    Check.that(
        shape.paddingMode() == PaddingMode.ZERO,
        "ONNX pads convolutions with zeros, not by %s",
        shape.paddingMode().label());
    List<String> inputs = new ArrayList<>(List.of(input, constant(weight)));
    if (bias != null) {
      inputs.add(constant(bias));
    }
    List<AttributeProto> attributes = new ArrayList<>(window(shape.axes()));
    attributes.add(whole("group", shape.groups()));
    add("Conv", inputs, output, attributes.toArray(AttributeProto[]::new));
  }

  private static List<AttributeProto> window(List<Axis> axes) {
    return List.of(
        each("kernel_shape", axes, Axis::kernel),
        each("strides", axes, Axis::stride),
        each("dilations", axes, Axis::dilation),
        wholes(
            "pads",
            Stream.concat(axes.stream().map(Axis::padBefore), axes.stream().map(Axis::padAfter))
                .mapToLong(i -> i)
                .toArray()));
  }

  private static AttributeProto each(String name, List<Axis> axes, ToIntFunction<Axis> of) {
    return wholes(name, axes.stream().mapToLong(of::applyAsInt).toArray());
  }

  private void pool(PoolShape shape, Kind kind, String input, String output) {
    List<AttributeProto> attributes = new ArrayList<>(window(shape.axes()));
    attributes.add(whole("ceil_mode", shape.ceilMode() ? 1 : 0));
    String operator =
        switch (kind) {
          case Kind.Max() -> "MaxPool";
          case Kind.Average(boolean counted) -> {
            attributes.removeIf(attribute -> attribute.getName().equals("dilations"));
            attributes.add(whole("count_include_pad", counted ? 1 : 0));
            yield "AveragePool";
          }
          default -> throw new IllegalArgumentException("ONNX has no pooling " + kind);
        };
    add(operator, List.of(input), output, attributes.toArray(AttributeProto[]::new));
  }

  /** Windows of equal size, or one for all. */
  private void adaptivePool(Operator.AdaptivePool pool, Value value, String input, String output) {
    if (pool.size().stream().allMatch(size -> size == 1)) {
      add(pool.max() ? "GlobalMaxPool" : "GlobalAveragePool", List.of(input), output);
      return;
    }
    long[] kernel = new long[pool.size().size()];
    for (int i = 0; i < kernel.length; i++) {
      int size = value.dim(2 + i);
      int windows = pool.size().get(i);
      Check.that(
          size % windows == 0, "ONNX has no pooling of %d elements to %d windows", size, windows);
      kernel[i] = size / windows;
    }
    add(
        pool.max() ? "MaxPool" : "AveragePool",
        List.of(input),
        output,
        wholes("kernel_shape", kernel),
        wholes("strides", kernel));
  }

  /**
   * The name of what an activation will be applied to, which is the result if it changes nothing.
   */
  private static String before(Activation activation, String output) {
    return activation.equals(Activation.IDENTITY) ? output : output + ":sum";
  }

  private void after(Activation activation, String input, String output) {
    if (!activation.equals(Activation.IDENTITY)) {
      activate(activation, input, output);
    }
  }

  private void activate(Activation activation, String input, String output) {
    List<String> inputs = List.of(input);
    switch (activation) {
      case Activation.Identity() -> add("Identity", inputs, output);
      case Activation.Relu() -> add("Relu", inputs, output);
      case Activation.Clamp(float low, float high) ->
          add("Clip", List.of(input, scalar(low), scalar(high)), output);
      case Activation.LeakyRelu(float slope) ->
          add("LeakyRelu", inputs, output, number("alpha", slope));
      case Activation.Tanh() -> add("Tanh", inputs, output);
      case Activation.Sigmoid() -> add("Sigmoid", inputs, output);
      case Activation.Silu() -> {
        add("Sigmoid", inputs, output + ":gate");
        add("Mul", List.of(input, output + ":gate"), output);
      }
      case Activation.HardSwish() -> add("HardSwish", inputs, output);
      case Activation.HardSigmoid(float alpha, float beta) ->
          add("HardSigmoid", inputs, output, number("alpha", alpha), number("beta", beta));
      case Activation.Elu(float alpha) -> add("Elu", inputs, output, number("alpha", alpha));
      case Activation.Softplus() -> add("Softplus", inputs, output);
      default -> throw new IllegalArgumentException("ONNX has no activation " + activation);
    }
  }

  private void distance(Tensor points, String input, String output) {
    add("Unsqueeze", List.of(input, integers(1)), output + ":rows");
    add("Sub", List.of(output + ":rows", constant(points)), output + ":difference");
    add("Mul", List.of(output + ":difference", output + ":difference"), output + ":squares");
    add(
        "ReduceSum",
        List.of(output + ":squares", integers(2)),
        output + ":sum",
        whole("keepdims", 0));
    add("Neg", List.of(output + ":sum"), output);
  }

  private void add(
      String operator, List<String> inputs, String output, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
  }

  /** The name of a parameter, whose values are written when it is first asked for. */
  private String constant(Tensor tensor) {
    String name = parameters.computeIfAbsent(tensor, key -> "constant:" + constants++);
    if (written.add(name)) {
      int[] shape = tensor.shape();
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName(name)
              .setDataType(TensorProto.DataType.FLOAT_VALUE)
              .addAllDims(Arrays.stream(shape).asLongStream().boxed().toList())
              .setRawData(bytes(tensor.values())));
    }
    return name;
  }

  private static ByteString bytes(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return ByteString.copyFrom(buffer);
  }

  private String scalar(float value) {
    String name = "constant:" + constants++;
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addFloatData(value));
    return name;
  }

  private String integers(long... values) {
    String name = "constant:" + constants++;
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.length)
            .addAllInt64Data(Arrays.stream(values).boxed().toList()));
    return name;
  }

  private static AttributeProto whole(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  private static AttributeProto wholes(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }

  private static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }
}
