package dev.lanewise.models.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** What PyTorch stores in a tensor, little endian, by the name of its storage class. */
enum ElementType {
  FLOAT("FloatStorage", Float.BYTES),
  DOUBLE("DoubleStorage", Double.BYTES),
  HALF("HalfStorage", Short.BYTES),
  BRAIN("BFloat16Storage", Short.BYTES),
  LONG("LongStorage", Long.BYTES),
  INT("IntStorage", Integer.BYTES),
  SHORT("ShortStorage", Short.BYTES),
  CHAR("CharStorage", Byte.BYTES),
  BYTE("ByteStorage", Byte.BYTES),
  BOOL("BoolStorage", Byte.BYTES);

  private final String storage;
  private final int bytes;

  ElementType(String storage, int bytes) {
    this.storage = storage;
    this.bytes = bytes;
  }

  /** The type that a class of the module {@code torch} stores, if it is one of these. */
  static Optional<ElementType> of(String storage) {
    return Arrays.stream(values()).filter(type -> type.storage.equals(storage)).findFirst();
  }

  /** Bytes of one element. */
  int bytes() {
    return bytes;
  }

  /** The element at an index, rounded to a float. */
  float get(ByteBuffer buffer, int index) {
    int at = index * bytes;
    return switch (this) {
      case FLOAT -> buffer.getFloat(at);
      case DOUBLE -> (float) buffer.getDouble(at);
      case HALF -> Float.float16ToFloat(buffer.getShort(at));
      // A bfloat16 is the upper half of a float.
      case BRAIN -> Float.intBitsToFloat(buffer.getShort(at) << Short.SIZE);
      case LONG -> buffer.getLong(at);
      case INT -> buffer.getInt(at);
      case SHORT -> buffer.getShort(at);
      case CHAR -> buffer.get(at);
      case BYTE -> Byte.toUnsignedInt(buffer.get(at));
      case BOOL -> buffer.get(at) == 0 ? 0 : 1;
    };
  }
}
