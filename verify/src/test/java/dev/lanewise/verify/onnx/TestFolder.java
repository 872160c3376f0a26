package dev.lanewise.verify.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A node test made in memory: graph inputs {@code x0}, {@code x1}, ..., graph output {@code y}. */
public final class TestFolder {

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final Path folder;
  private final Path set;
  private int opset = 18;
  private int inputs;

  /** Makes the folder. */
  public TestFolder(Path parent, String name) throws IOException {
    folder = parent.resolve(name);
    set = Files.createDirectories(folder.resolve("test_data_set_0"));
  }

  /** Where it lies. */
  public Path path() {
    return folder;
  }

  /** Follows another operator set. */
  public TestFolder opset(int version) {
    opset = version;
    return this;
  }

  /** An input. */
  public TestFolder input(TensorProto tensor) throws IOException {
    Files.write(set.resolve("input_" + inputs + ".pb"), tensor.toByteArray());
    graph.addInput(ValueInfoProto.newBuilder().setName("x" + inputs));
    inputs++;
    return this;
  }

  /** A node of the graph. */
  public TestFolder node(NodeProto.Builder node) {
    graph.addNode(node);
    return this;
  }

  /** A node of all inputs that computes the output. */
  public TestFolder node(String operator, AttributeProto... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).addOutput("y");
    for (int i = 0; i < inputs; i++) {
      node.addInput("x" + i);
    }
    for (AttributeProto attribute : attributes) {
      node.addAttribute(attribute);
    }
    return node(node);
  }

  /** Writes the model and the output it should have. */
  public Path expecting(TensorProto output) throws IOException {
    Files.write(set.resolve("output_0.pb"), output.toByteArray());
    graph.addOutput(ValueInfoProto.newBuilder().setName("y"));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .setGraph(graph)
            .build();
    Files.write(folder.resolve(NodeTest.MODEL), model.toByteArray());
    return folder;
  }

  /** A tensor of floats in the typed field. */
  public static TensorProto floats(long[] dims, float... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(TensorProto.DataType.FLOAT.getNumber());
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor.build();
  }

  /** A vector of whole numbers in the typed field. */
  public static TensorProto longs(long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor.build();
  }

  /** An attribute of whole numbers. */
  public static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  /** An attribute of one whole number. */
  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }
}
