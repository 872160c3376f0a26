package dev.lanewise.nn.io;

import java.nio.ByteBuffer;

/** What a file stores in a tensor, by the names of the safetensors format. */
public enum ElementType {
  F64(Double.BYTES),
  F32(Float.BYTES),
  F16(Short.BYTES),
  BF16(Short.BYTES),
  I64(Long.BYTES),
  I32(Integer.BYTES),
  I16(Short.BYTES),
  I8(Byte.BYTES),
  U8(Byte.BYTES),
  BOOL(Byte.BYTES);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The element at an index, rounded to a float; the buffer's order is the file's. */
  public float get(ByteBuffer buffer, int index) {
    int at = index * bytes;
    return switch (this) {
      case F64 -> (float) buffer.getDouble(at);
      case F32 -> buffer.getFloat(at);
      case F16 -> Float.float16ToFloat(buffer.getShort(at));
      // A bfloat16 is the upper half of a float.
      case BF16 -> Float.intBitsToFloat(buffer.getShort(at) << Short.SIZE);
      case I64 -> buffer.getLong(at);
      case I32 -> buffer.getInt(at);
      case I16 -> buffer.getShort(at);
      case I8 -> buffer.get(at);
      case U8 -> Byte.toUnsignedInt(buffer.get(at));
      case BOOL -> buffer.get(at) == 0 ? 0 : 1;
    };
  }
}
