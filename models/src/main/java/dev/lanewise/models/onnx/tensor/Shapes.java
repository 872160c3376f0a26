package dev.lanewise.models.onnx.tensor;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/** Arithmetic on dimensions and axes. */
public final class Shapes {

  private Shapes() {}

  /**
   * A long as an int.
   *
   * @throws IllegalArgumentException if it is below -2^31 or above 2^31 - 1
   */
  public static int toInt(String name, long value) {
    Check.that(value == (int) value, "%s %d is not within 32 bits", name, value);
    return (int) value;
  }

  /**
   * An axis counted from the front.
   *
   * @param axis -rank to rank - 1
   * @throws IllegalArgumentException if it is another
   */
  public static int axis(long axis, int rank) {
    Check.that(axis >= -rank && axis < rank, "axis %d of a tensor of rank %d", axis, rank);
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /**
   * Axes counted from the front.
   *
   * @throws IllegalArgumentException if one does not exist or is given twice
   */
  public static int[] axes(int[] axes, int rank) {
    int[] positive = Arrays.stream(axes).map(axis -> axis(axis, rank)).toArray();
    Check.that(
        Arrays.stream(positive).distinct().count() == positive.length,
        "axes %s name one twice",
        Arrays.toString(axes));
    return positive;
  }

  /** All axes in order. */
  public static int[] range(int rank) {
    int[] axes = new int[rank];
    Arrays.setAll(axes, i -> i);
    return axes;
  }

  /** Product of the dimensions from one axis to before another. */
  public static int product(int[] dims, int from, int to) {
    return Limits.elements(Arrays.copyOfRange(dims, from, to));
  }

  /** How far apart neighbours along each axis lie in row-major order. */
  public static int[] strides(int... dims) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(dims[axis], 1);
    }
    return strides;
  }

  /**
   * The dimensions that two tensors take together under NumPy's rule of broadcasting.
   *
   * @throws IllegalArgumentException if two dimensions differ and neither is 1
   */
  public static int[] broadcast(int[] a, int[] b) {
    int[] dims = new int[Math.max(a.length, b.length)];
    for (int i = 1; i <= dims.length; i++) {
      int fromA = i <= a.length ? a[a.length - i] : 1;
      int fromB = i <= b.length ? b[b.length - i] : 1;
      Check.that(
          fromA == fromB || fromA == 1 || fromB == 1,
          "dimensions %s and %s do not broadcast",
          Arrays.toString(a),
          Arrays.toString(b));
      dims[dims.length - i] = fromA == 1 ? fromB : fromA;
    }
    return dims;
  }

  /**
   * A tensor repeated along its dimensions of 1 until it has the given ones.
   *
   * @throws IllegalArgumentException if it cannot be
   */
  public static OnnxTensor expand(OnnxTensor tensor, int... dims) {
    if (Arrays.equals(tensor.dims(), dims)) {
      return tensor;
    }
    int missing = dims.length - tensor.rank();
    Check.that(
        missing >= 0 && Arrays.equals(broadcast(tensor.dims(), dims), dims),
        "%s does not broadcast to %s",
        tensor,
        Arrays.toString(dims));
    int[] own = strides(tensor.dims());
    int[] steps = new int[dims.length];
    for (int axis = missing; axis < dims.length; axis++) {
      steps[axis] = tensor.dims()[axis - missing] == 1 ? 0 : own[axis - missing];
    }
    return tensor.pick(dims, new Steps(dims, steps, 0));
  }
}
