package dev.lanewise.models.onnx;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A model put together node by node, whose only output is {@code y}. */
final class ProtoModel {

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");

  /** An input; a dimension of 0 is open. */
  ProtoModel input(String name, int type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      if (dim == 0) {
        shape.addDimBuilder().setDimParam("n");
      } else {
        shape.addDimBuilder().setDimValue(dim);
      }
    }
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape))));
    return this;
  }

  ProtoModel floats(String name, List<Long> dims, float... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
    tensor.addAllDims(dims);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor(tensor);
  }

  ProtoModel longs(String name, long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(7);
    tensor.addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor(tensor);
  }

  ProtoModel tensor(TensorProto.Builder tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /** A node; inputs and the output are separated by blanks. */
  ProtoModel node(String operator, String inputs, String output, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .addAllInput(List.of(inputs.split(" ")))
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  byte[] bytes() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph.clone().addOutput(ValueInfoProto.newBuilder().setName("y")))
        .build()
        .toByteArray();
  }

  Path write(Path folder) throws IOException {
    return Files.write(folder.resolve("model.onnx"), bytes());
  }

  static AttributeProto whole(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto wholes(String name, Long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(List.of(values))
        .build();
  }
}
