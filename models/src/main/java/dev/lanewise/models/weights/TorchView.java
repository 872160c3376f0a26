package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor as a pickle has it: a view of a storage, whose values are elsewhere in the file.
 *
 * @param storage that it looks at
 * @param offset of its first element in the storage
 * @param sizes its dimensions, of which there may be none
 * @param strides how far apart neighbours lie in the storage, an axis each
 * @param elements the product of the dimensions
 */
record TorchView(
    TorchStorage storage, int offset, List<Integer> sizes, List<Integer> strides, int elements) {

  /** More than any network has; a longer list of dimensions is a lie. */
  private static final int MAX_RANK = 16;

  /**
   * A view that lies within its storage.
   *
   * @throws IOException if it does not, in words that a file's name goes before
   */
  static TorchView of(TorchStorage storage, long offset, List<Long> sizes, List<Long> strides)
      throws IOException {
    String text = "a tensor of shape %s and strides %s".formatted(sizes, strides);
    if (sizes.size() != strides.size() || sizes.size() > MAX_RANK) {
      throw new IOException(
          "%s has %d dimensions and %d strides; both are as many, at most %d"
              .formatted("a tensor", sizes.size(), strides.size(), MAX_RANK));
    }
    long elements = 1;
    long last = offset;
    for (int i = 0; i < sizes.size(); i++) {
      long size = sizes.get(i);
      long stride = strides.get(i);
      // Each factor and each sum is below 2^31, so that nothing overflows before it is refused.
      if (size < 1 || size > Integer.MAX_VALUE || (elements *= size) > Integer.MAX_VALUE) {
        throw new IOException(text + " has a dimension below 1, or 2^31 elements and more");
      }
      if (stride < 0 || stride > Integer.MAX_VALUE) {
        throw new IOException(text + " has a stride that is not in [0, 2^31)");
      }
      last += (size - 1) * stride;
      if (last >= storage.length()) {
        break;
      }
    }
    if (offset < 0 || last >= storage.length()) {
      throw new IOException(
          "%s from element %d on leaves its storage %s of %d elements"
              .formatted(text, offset, storage.key(), storage.length()));
    }
    return new TorchView(
        storage,
        (int) offset,
        sizes.stream().map(Long::intValue).toList(),
        strides.stream().map(Long::intValue).toList(),
        (int) elements);
  }

  /**
   * The values, row-major.
   *
   * @param bytes all that the file has under the storage's key
   */
  Tensor tensor(ByteBuffer bytes) {
    int rank = sizes.size();
    int[] position = new int[rank];
    float[] values = new float[elements];
    int at = storage.first() + offset;
    for (int i = 0; i < elements; i++) {
      values[i] = storage.type().get(bytes, at);
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += strides.get(axis);
        if (++position[axis] < sizes.get(axis)) {
          break;
        }
        at -= sizes.get(axis) * strides.get(axis);
        position[axis] = 0;
      }
    }
    return Tensor.of(values, sizes.stream().mapToInt(Integer::intValue).toArray());
  }
}
