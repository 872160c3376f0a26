package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Node;
import dev.lanewise.nn.graph.Value;
import dev.lanewise.nn.layer.Network;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes networks as ONNX models, in use and for inputs of one shape. Parameters have the names of
 * the state dict.
 */
public final class OnnxExport {

  /** Of 2022: all operators of the registry, and what today's runtimes read. */
  private static final int OPERATOR_SET = 17;

  private static final int IR_VERSION = 8;

  private OnnxExport() {}

  /**
   * Writes a model to a file, which is there when it is complete.
   *
   * @param inputShape {@code [batch, channels, spatial...]}
   * @throws IllegalArgumentException if the shape does not fit the network, or a layer has no
   *     counterpart in ONNX
   * @throws IOException if the file cannot be written
   */
  public static void write(Network network, Path file, int... inputShape) throws IOException {
    ModelProto model = model(network, inputShape);
    AtomicFile.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          model.writeTo(buffered);
          buffered.flush();
        });
  }

  /**
   * A model as the bytes of its file.
   *
   * @throws IllegalArgumentException as {@link #write}
   */
  public static byte[] bytes(Network network, int... inputShape) {
    return model(network, inputShape).toByteArray();
  }

  private static ModelProto model(Network network, int... inputShape) {
    Graph graph = network.graph(inputShape);
    GraphProto.Builder proto = GraphProto.newBuilder().setName(network.name());
    graph.inputs().forEach(value -> proto.addInput(info(value.name(), value)));
    NodeWriter writer = new NodeWriter(proto, network.state());
    for (Node node : graph.nodes()) {
      writer.write(node);
    }
    for (Value output : graph.outputs()) {
      proto.addOutput(info(writer.name(output), output));
    }
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("lanewise")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
        .setGraph(proto)
        .build();
  }

  private static ValueInfoProto info(String name, Value value) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : value.shape()) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT_VALUE)
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
