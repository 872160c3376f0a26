package dev.lanewise.nn.graph;

import dev.lanewise.nn.Tensor;
import java.util.Objects;

/**
 * What one node of a graph makes and others read. Two values are equal if they are the same object.
 */
public final class Value {

  private final String name;
  private final int[] shape;

  /**
   * A value.
   *
   * @param name where it comes from, for people
   * @param shape its dimensions, batch first
   */
  public Value(String name, int... shape) {
    this.name = Objects.requireNonNull(name, "name");
    this.shape = shape.clone();
  }

  /** Where it comes from. */
  public String name() {
    return name;
  }

  /** Its dimensions, batch first. */
  public int[] shape() {
    return shape.clone();
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** One of the dimensions. */
  public int dim(int axis) {
    return shape[axis];
  }

  @Override
  public String toString() {
    return name + " " + Tensor.text(shape);
  }
}
