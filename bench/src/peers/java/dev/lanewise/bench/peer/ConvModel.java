package dev.lanewise.bench.peer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** An ONNX model of a single Conv with bias, made in memory. */
final class ConvModel {

  static final String INPUT = "x";
  static final String OUTPUT = "y";

  /** Conv has not changed between this operator set and those of today. */
  private static final int OPERATOR_SET = 13;

  private static final int IR_VERSION = 8;

  private ConvModel() {}

  /** The serialized model of the problem's convolution, filter and bias as initializers. */
  static byte[] bytes(Problem problem) {
    ConvShape shape = problem.shape();
    var graph =
        GraphProto.newBuilder()
            .setName("conv")
            .addInput(value(INPUT, shape.inputDims()))
            .addOutput(value(OUTPUT, shape.outputDims()))
            .addInitializer(tensor("w", shape.filterDims(), problem.filter()))
            .addInitializer(tensor("b", new int[] {shape.outChannels()}, problem.bias()))
            .addNode(node(shape));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static NodeProto node(ConvShape shape) {
    return NodeProto.newBuilder()
        .setOpType("Conv")
        .addInput(INPUT)
        .addInput("w")
        .addInput("b")
        .addOutput(OUTPUT)
        .addAttribute(integers("kernel_shape", perAxis(shape, Axis::kernel)))
        .addAttribute(integers("strides", perAxis(shape, Axis::stride)))
        .addAttribute(integers("dilations", perAxis(shape, Axis::dilation)))
        .addAttribute(
            integers(
                "pads",
                IntStream.concat(perAxis(shape, Axis::padBefore), perAxis(shape, Axis::padAfter))))
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("group")
                .setType(AttributeType.INT)
                .setI(shape.groups()))
        .build();
  }

  private static IntStream perAxis(ConvShape shape, ToIntFunction<Axis> property) {
    return shape.axes().stream().mapToInt(property);
  }

  private static AttributeProto integers(String name, IntStream values) {
    var attribute = AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    values.forEach(attribute::addInts);
    return attribute.build();
  }

  private static ValueInfoProto value(String name, int[] dims) {
    var shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    var type =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  private static TensorProto tensor(String name, int[] dims, float[] values) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    var tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(raw));
    Arrays.stream(dims).forEach(tensor::addDims);
    return tensor.build();
  }
}
