package dev.lanewise.models.weights;

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

  /** Bytes of all that the file has under the key, below 2^31. */
  int bytes() {
    return total * type.bytes();
  }
}
