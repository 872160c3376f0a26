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
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** An ONNX model of Conv nodes with bias, one after the other, made in memory. */
final class ConvModel {

  static final String INPUT = "x";
  static final String OUTPUT = "y";

  /** Conv has not changed between this operator set and those of today. */
  private static final int OPERATOR_SET = 13;

  private static final int IR_VERSION = 8;

  private ConvModel() {}

  /** The serialized model of the problem's convolutions, filters and biases as initializers. */
  static byte[] bytes(Problem problem) {
    List<Problem.Stage> stages = problem.stages();
    var graph =
        GraphProto.newBuilder()
            .setName("conv")
            .addInput(value(INPUT, stages.getFirst().shape().inputDims()))
            .addOutput(value(OUTPUT, problem.resultDims()));
    String from = INPUT;
    for (int i = 0; i < stages.size(); i++) {
      Problem.Stage stage = stages.get(i);
      String to = i == stages.size() - 1 ? OUTPUT : OUTPUT + i;
      graph
          .addInitializer(tensor("w" + i, stage.shape().filterDims(), stage.filter()))
          .addInitializer(tensor("b" + i, new int[] {stage.shape().outChannels()}, stage.bias()))
          .addNode(node(stage.shape(), List.of(from, "w" + i, "b" + i), to));
      from = to;
    }
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static NodeProto node(ConvShape shape, List<String> operands, String output) {
    return NodeProto.newBuilder()
        .setOpType("Conv")
        .addAllInput(operands)
        .addOutput(output)
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
