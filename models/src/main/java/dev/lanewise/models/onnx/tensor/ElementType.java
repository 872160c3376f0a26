package dev.lanewise.models.onnx.tensor;

import java.util.Locale;

/** The numeric element types of ONNX. */
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT(1, Float.BYTES),
  /** Whole numbers from 0 to 255. */
  UINT8(2, Byte.BYTES),
  /** Whole numbers from -128 to 127. */
  INT8(3, Byte.BYTES),
  /** Whole numbers of 16 bits without a sign. */
  UINT16(4, Short.BYTES),
  /** Whole numbers of 16 bits. */
  INT16(5, Short.BYTES),
  /** Whole numbers of 32 bits. */
  INT32(6, Integer.BYTES),
  /** Whole numbers of 64 bits. */
  INT64(7, Long.BYTES),
  /** 0 or 1. */
  BOOL(9, Byte.BYTES),
  /** IEEE 754 binary16. */
  FLOAT16(10, Short.BYTES),
  /** IEEE 754 binary64. */
  DOUBLE(11, Double.BYTES),
  /** Whole numbers of 32 bits without a sign. */
  UINT32(12, Integer.BYTES),
  /** Whole numbers of 64 bits without a sign; those from 2^63 on are kept as negative ones. */
  UINT64(13, Long.BYTES),
  /** The upper half of binary32. */
  BFLOAT16(16, Short.BYTES);

  private static final int BFLOAT16_SHIFT = 16;

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /**
   * The type with this number in {@code TensorProto.DataType}.
   *
   * @throws IllegalArgumentException if ONNX gives the number no meaning
   * @throws Unsupported for strings, complex numbers and those of less than 16 bits with a fraction
   */
  public static ElementType of(int code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw switch (code) {
      case 8 -> new Unsupported("tensors of strings");
      case 14, 15 -> new Unsupported("tensors of complex numbers");
      case 17, 18, 19, 20, 21, 22, 23, 24, 25, 26 ->
          new Unsupported("tensors of 8 or fewer bits of data type " + code);
      default -> new IllegalArgumentException("data type " + code + " does not exist");
    };
  }

  /** The number of this type in {@code TensorProto.DataType}. */
  public int code() {
    return code;
  }

  /** Bytes of an element in {@code raw_data}. */
  public int bytes() {
    return bytes;
  }

  /** Whether the elements are floating point numbers. */
  public boolean isReal() {
    return switch (this) {
      case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
      default -> false;
    };
  }

  /** The nearest number of this floating point type. */
  double round(double value) {
    return switch (this) {
      case FLOAT -> (float) value;
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BFLOAT16 -> bfloat16((float) value);
      default -> value;
    };
  }

  /** The number of this whole type with the same lowest bits. */
  long wrap(long value) {
    return switch (this) {
      case UINT8 -> value & 0xFF;
      case INT8 -> (byte) value;
      case UINT16 -> value & 0xFFFF;
      case INT16 -> (short) value;
      case INT32 -> (int) value;
      case UINT32 -> value & 0xFFFF_FFFFL;
      case BOOL -> value == 0 ? 0 : 1;
      default -> value;
    };
  }

  /** The value of a bfloat16 given by its bits. */
  static float ofBfloat16(int bits) {
    return Float.intBitsToFloat(bits << BFLOAT16_SHIFT);
  }

  private static float bfloat16(float value) {
    if (Float.isNaN(value)) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    int half = 0x7FFF + ((bits >>> BFLOAT16_SHIFT) & 1);
    return ofBfloat16((bits + half) >>> BFLOAT16_SHIFT);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
