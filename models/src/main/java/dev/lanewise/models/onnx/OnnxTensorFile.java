package dev.lanewise.models.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.TensorReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/** Files of one tensor each, {@code input_0.pb} and the like, as the data sets of ONNX's tests. */
public final class OnnxTensorFile {

  private OnnxTensorFile() {}

  /**
   * Reads a tensor.
   *
   * @throws IOException if the file is missing, damaged or breaks a rule, with its name
   */
  public static OnnxTensor read(Path file) throws IOException {
    TensorProto proto = ProtoFile.read(file, ProtoFile.Kind.TENSOR, TensorProto.parser());
    try {
      return TensorReader.read(proto);
    } catch (IllegalArgumentException broken) {
      throw new IOException(file + ": " + broken.getMessage(), broken);
    }
  }

  /**
   * Writes a tensor to a file, which is there when it is complete.
   *
   * @param name that it has inside
   * @throws IOException if the file cannot be written
   */
  public static void write(OnnxTensor tensor, String name, Path file) throws IOException {
    TensorProto proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(tensor.type().code())
            .addAllDims(Arrays.stream(tensor.dims()).asLongStream().boxed().toList())
            .setRawData(ByteString.copyFrom(bytes(tensor)))
            .build();
    AtomicFile.write(file, proto::writeTo);
  }

  private static byte[] bytes(OnnxTensor tensor) {
    int length = Math.multiplyExact(tensor.size(), tensor.type().bytes());
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensor.size(); i++) {
      switch (tensor.type()) {
        case FLOAT -> buffer.putFloat((float) tensor.real(i));
        case DOUBLE -> buffer.putDouble(tensor.real(i));
        case FLOAT16 -> buffer.putShort(Float.floatToFloat16((float) tensor.real(i)));
        // The upper half of a float that has no lower one.
        case BFLOAT16 ->
            buffer.putShort((short) (Float.floatToRawIntBits((float) tensor.real(i)) >>> 16));
        case UINT8, INT8, BOOL -> buffer.put((byte) tensor.whole(i));
        case UINT16, INT16 -> buffer.putShort((short) tensor.whole(i));
        case UINT32, INT32 -> buffer.putInt((int) tensor.whole(i));
        case UINT64, INT64 -> buffer.putLong(tensor.whole(i));
      }
    }
    return buffer.array();
  }
}
