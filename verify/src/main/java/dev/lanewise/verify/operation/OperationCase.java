package dev.lanewise.verify.operation;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.List;

/**
 * An operation on inputs of given shapes, whose gradients are to be checked.
 *
 * @param kind what is checked, a row of the summary
 * @param name what tells it from others of its kind
 * @param smooth whether it is differentiable everywhere: other functions have kinks, near which no
 *     difference may be taken
 * @param inputs what it is computed from; each receives a gradient
 * @param forward computes the result
 */
public record OperationCase(
    String kind, String name, boolean smooth, List<Input> inputs, Forward forward) {

  /** The operation. */
  @FunctionalInterface
  public interface Forward {
    /** Computes the result. */
    Tensor of(List<Tensor> inputs, Context context);
  }

  /**
   * An input: its elements are different numbers from {@code low} to {@code high}, in random order.
   *
   * @param layout in which it comes to the operation
   * @param dims its shape
   */
  public record Input(Layout layout, List<Integer> dims, double low, double high) {

    /** A row-major input with elements from -1 to 1. */
    public static Input of(Integer... dims) {
      return new Input(Layout.NCHW, List.of(dims), -1, 1);
    }

    /** One in NCHW16C. */
    public Input blocked() {
      return new Input(Layout.NCHW16C, dims, low, high);
    }

    /** One with elements in another range. */
    public Input from(double newLow, double newHigh) {
      return new Input(layout, dims, newLow, newHigh);
    }

    int[] shape() {
      return dims.stream().mapToInt(i -> i).toArray();
    }
  }

  /** An operation that is differentiable everywhere. */
  public static OperationCase smooth(String kind, String name, Forward forward, Input... inputs) {
    return new OperationCase(kind, name, true, List.of(inputs), forward);
  }

  /** An operation with kinks at zero, or where elements of its input are equal. */
  public static OperationCase kinked(String kind, String name, Forward forward, Input... inputs) {
    return new OperationCase(kind, name, false, List.of(inputs), forward);
  }

  @Override
  public String toString() {
    return name + " " + inputs.stream().map(i -> i.dims() + " " + i.layout()).toList();
  }
}
