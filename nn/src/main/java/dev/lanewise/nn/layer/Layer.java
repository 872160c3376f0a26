package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A step of a network: a function of one tensor, with parameters of its own if it has any. */
public interface Layer {

  /**
   * Computes the output.
   *
   * @throws IllegalArgumentException if the input's shape does not fit, as {@link #outputShape}
   */
  Tensor forward(Tensor input, Context context);

  /**
   * The shape of the output for a shape of the input, batch first.
   *
   * @throws IllegalArgumentException if the shape does not fit, stating both shapes
   */
  int[] outputShape(int... inputShape);

  /** Parameters by their names within the layer, in the order of the state dict. */
  default Map<String, Tensor> parameters() {
    return Map.of();
  }

  /** Sets the parameters to random starting values. */
  default void initialize(Random random) {}

  /** The kind of layer as tables show it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** Multiply-adds for an input of this shape, batch included. */
  default long multiplyAdds(int... inputShape) {
    return 0;
  }

  /** The window that one output position sees in each spatial dimension; empty if just itself. */
  default List<Axis> windows(int... inputShape) {
    return List.of();
  }

  /** Whether one output element sees the whole input. */
  default boolean seesAll() {
    return false;
  }
}
