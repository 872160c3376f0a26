package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Reshape;
import java.util.Arrays;

/**
 * Makes each sample one row of features: {@code [n, c, h, w]} to {@code [n, c * h * w]}, in
 * row-major order, as a dense layer's weights expect it.
 */
public final class Flatten implements Layer {

  /** A flatten over all dimensions but the batch. */
  public Flatten() {}

  @Override
  public Tensor forward(Tensor input, Context context) {
    return Reshape.apply(input, context, outputShape(input.shape()));
  }

  @Override
  public Operator operator(int... inputShape) {
    outputShape(inputShape);
    return new Operator.Flatten();
  }

  @Override
  public int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length >= 2,
        "flatten needs an input [n, c, ...], got %s",
        Tensor.text(inputShape));
    int[] sample = Arrays.copyOfRange(inputShape, 1, inputShape.length);
    return new int[] {inputShape[0], Check.elements("flattened sample", sample)};
  }
}
