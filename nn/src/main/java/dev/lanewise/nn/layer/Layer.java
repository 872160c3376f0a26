package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A step of a network: a function of one tensor, with parameters of its own if it has any.
 *
 * <p>A layer without {@link #children()} is a leaf. Layers made of others extend {@link Container}.
 */
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

  /** The layers that this one is made of, by their names within it; none for a leaf. */
  default Map<String, Layer> children() {
    return Map.of();
  }

  /** Parameters by their names within the layer, in the order of the state dict. */
  default Map<String, Tensor> parameters() {
    return Map.of();
  }

  /**
   * State that is kept with the parameters but not trained, such as running statistics, by names
   * within the layer.
   */
  default Map<String, Tensor> buffers() {
    return Map.of();
  }

  /** Sets the parameters to starting values and the buffers to those of an untrained layer. */
  default void initialize(Initializer initializer, Random random) {}

  /** Follows a shape and its receptive field through the layer, telling the trace of each leaf. */
  default Flow trace(Flow input, Trace trace) {
    Flow output = input.through(this);
    trace.leaf(this, input, output);
    return output;
  }

  /**
   * What a leaf computes in use, for an input of a shape.
   *
   * @throws IllegalArgumentException if the shape does not fit, as {@link #outputShape}
   */
  default Operator operator(int... inputShape) {
    return new Operator.Other(type(), (inputs, context) -> forward(inputs.getFirst(), context));
  }

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
