package dev.lanewise.nn.op;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;

/** Which elements of two row-major tensors meet when dimensions of 1 are repeated. */
final class Broadcast {

  private final int[] dims;
  private final int[] leftStrides;
  private final int[] rightStrides;
  private final int length;

  private Broadcast(int... dims) {
    this.dims = dims;
    leftStrides = new int[dims.length];
    rightStrides = new int[dims.length];
    length = Check.elements("broadcast result", dims);
  }

  /** What is done for each element of the result. */
  interface Element {
    void meet(int result, int left, int right);
  }

  /**
   * The rule for two shapes.
   *
   * @throws IllegalArgumentException if a dimension differs and neither is 1
   */
  static Broadcast of(int[] left, int[] right) {
    int rank = Math.max(left.length, right.length);
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      int a = dim(left, i - rank + left.length);
      int b = dim(right, i - rank + right.length);
      Check.that(
          a == b || a == 1 || b == 1,
          "shapes %s and %s cannot be broadcast: %d against %d in dimension %d of the result",
          Tensor.text(left),
          Tensor.text(right),
          a,
          b,
          i);
      dims[i] = a == 1 ? b : a;
    }
    Broadcast broadcast = new Broadcast(dims);
    strides(left, broadcast.leftStrides);
    strides(right, broadcast.rightStrides);
    return broadcast;
  }

  private static int dim(int[] shape, int index) {
    return index < 0 ? 1 : shape[index];
  }

  /** How far one step along each dimension of the result goes; nowhere where it repeats. */
  private static void strides(int[] shape, int[] strides) {
    int stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[strides.length - shape.length + i] = shape[i] == 1 ? 0 : stride;
      stride *= shape[i];
    }
  }

  int[] dims() {
    return dims.clone();
  }

  int length() {
    return length;
  }

  /** Visits the elements of the result in their order. */
  void each(Element element) {
    int[] index = new int[dims.length];
    int left = 0;
    int right = 0;
    for (int i = 0; i < length; i++) {
      element.meet(i, left, right);
      for (int d = dims.length - 1; d >= 0; d--) {
        left += leftStrides[d];
        right += rightStrides[d];
        if (++index[d] < dims[d]) {
          break;
        }
        left -= leftStrides[d] * dims[d];
        right -= rightStrides[d] * dims[d];
        index[d] = 0;
      }
    }
  }
}
