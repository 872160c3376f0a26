package dev.lanewise.models.onnx.tensor;

import java.util.function.IntUnaryOperator;

/**
 * Maps an index of a tensor to a sum of steps along its axes: the index in another tensor that is
 * transposed, sliced or repeated.
 */
public final class Steps implements IntUnaryOperator {

  private final int[] dims;
  private final int[] strides;
  private final int[] steps;
  private final int offset;

  /**
   * Makes the map.
   *
   * @param dims of the tensor whose indices are mapped
   * @param steps how far one element along each axis goes in the other; may be negative or 0
   * @param offset where element 0 goes
   */
  public Steps(int[] dims, int[] steps, int offset) {
    this.dims = dims.clone();
    this.steps = steps.clone();
    this.offset = offset;
    strides = Shapes.strides(dims);
  }

  @Override
  public int applyAsInt(int index) {
    int result = offset;
    for (int axis = 0; axis < dims.length; axis++) {
      result += index / strides[axis] % dims[axis] * steps[axis];
    }
    return result;
  }
}
