package dev.lanewise.models.weights;

import dev.lanewise.nn.io.ElementType;
import java.util.Map;

/**
 * Values in a row that one or more tensors look at.
 *
 * @param key by which the file has the values
 * @param type of the values
 * @param total number of values under the key
 * @param first the first of them that belongs to this storage
 * @param length number of values of this storage, {@code first + length <= total}
 */
record TorchStorage(String key, ElementType type, int total, int first, int length) {

  /** Types by the names of the classes of the module {@code torch} that store them. */
  static final Map<String, ElementType> TYPES =
      Map.of(
          "FloatStorage", ElementType.F32,
          "DoubleStorage", ElementType.F64,
          "HalfStorage", ElementType.F16,
          "BFloat16Storage", ElementType.BF16,
          "LongStorage", ElementType.I64,
          "IntStorage", ElementType.I32,
          "ShortStorage", ElementType.I16,
          "CharStorage", ElementType.I8,
          "ByteStorage", ElementType.U8,
          "BoolStorage", ElementType.BOOL);

  /** Bytes of all that the file has under the key, below 2^31. */
  int bytes() {
    return total * type.bytes();
  }
}
