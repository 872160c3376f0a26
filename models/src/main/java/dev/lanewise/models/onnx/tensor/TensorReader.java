package dev.lanewise.models.onnx.tensor;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.lanewise.kernels.shape.Check;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/** Reads a {@code TensorProto}, whose values stand in {@code raw_data} or in a typed field. */
public final class TensorReader {

  /** Where values are that do not stand in the tensor itself. */
  @FunctionalInterface
  public interface External {
    /**
     * The values of a tensor.
     *
     * @param bytes how many there must be
     * @throws IllegalArgumentException if they are not there
     */
    ByteString values(TensorProto proto, long bytes);
  }

  private final TensorProto proto;
  private final ElementType type;
  private final int[] dims;
  private final int size;

  private TensorReader(TensorProto proto) {
    this.proto = proto;
    type = ElementType.of(proto.getDataType());
    dims = proto.getDimsList().stream().mapToInt(dim -> Shapes.toInt("dimension", dim)).toArray();
    size = Limits.given(dims);
  }

  /**
   * Reads a tensor that holds its values.
   *
   * @throws IllegalArgumentException if the number of values is not that of the dimensions, or the
   *     data type does not exist
   * @throws Unsupported if the type has no numbers or the values lie in another file
   */
  public static OnnxTensor read(TensorProto proto) {
    return read(
        proto,
        (tensor, bytes) -> {
          throw new Unsupported("tensors in external files");
        });
  }

  /**
   * Reads a tensor that may have its values in another file.
   *
   * @throws IllegalArgumentException as {@link #read(TensorProto)}, or if the other file does not
   *     hold them
   */
  public static OnnxTensor read(TensorProto proto, External external) {
    Check.that(!proto.hasSegment(), "tensors in segments were never defined");
    TensorReader reader = new TensorReader(proto);
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return reader.raw(external.values(proto, (long) reader.size * reader.type.bytes()));
    }
    // An empty tensor may have neither; a field that is given must fit.
    return proto.hasRawData() ? reader.raw(proto.getRawData()) : reader.typed();
  }

  private OnnxTensor raw(ByteString data) {
    Check.that(
        data.size() == (long) size * type.bytes(),
        "raw_data of %d bytes is not that of %s%s, which takes %d",
        data.size(),
        type,
        Arrays.toString(dims),
        (long) size * type.bytes());
    ByteBuffer buffer = data.asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    return switch (type) {
      case FLOAT -> {
        float[] values = new float[size];
        buffer.asFloatBuffer().get(values);
        yield OnnxTensor.ofFloats(values, dims);
      }
      case DOUBLE -> reals(size, i -> buffer.getDouble(i * Double.BYTES));
      case FLOAT16 -> reals(size, i -> Float.float16ToFloat(buffer.getShort(i * Short.BYTES)));
      case BFLOAT16 -> reals(size, i -> ElementType.ofBfloat16(buffer.getShort(i * Short.BYTES)));
      case UINT8, INT8, BOOL -> wholes(size, buffer::get);
      case UINT16, INT16 -> wholes(size, i -> buffer.getShort(i * Short.BYTES));
      case UINT32, INT32 -> wholes(size, i -> buffer.getInt(i * Integer.BYTES));
      case UINT64, INT64 -> wholes(size, i -> buffer.getLong(i * Long.BYTES));
    };
  }

  private OnnxTensor typed() {
    return switch (type) {
      case FLOAT -> reals(proto.getFloatDataCount(), proto::getFloatData);
      case DOUBLE -> reals(proto.getDoubleDataCount(), proto::getDoubleData);
      case FLOAT16 ->
          reals(
              proto.getInt32DataCount(), i -> Float.float16ToFloat((short) proto.getInt32Data(i)));
      case BFLOAT16 ->
          reals(proto.getInt32DataCount(), i -> ElementType.ofBfloat16(proto.getInt32Data(i)));
      case UINT8, INT8, BOOL, UINT16, INT16, INT32 ->
          wholes(proto.getInt32DataCount(), proto::getInt32Data);
      case INT64 -> wholes(proto.getInt64DataCount(), proto::getInt64Data);
      case UINT32, UINT64 -> wholes(proto.getUint64DataCount(), proto::getUint64Data);
    };
  }

  private OnnxTensor reals(int count, IntToDoubleFunction value) {
    checkCount(count);
    double[] values = new double[size];
    Arrays.setAll(values, value);
    return OnnxTensor.ofReals(type, values, dims);
  }

  private OnnxTensor wholes(int count, IntToLongFunction value) {
    checkCount(count);
    long[] values = new long[size];
    Arrays.setAll(values, value);
    return OnnxTensor.ofWholes(type, values, dims);
  }

  private void checkCount(int count) {
    Check.that(
        count == size,
        "%d values are not those of %s%s, which has %d",
        count,
        type,
        Arrays.toString(dims),
        size);
  }
}
