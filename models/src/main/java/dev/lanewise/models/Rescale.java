package dev.lanewise.models;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Sequential;
import java.util.List;

/**
 * Multiplies by a constant.
 *
 * @param factor the constant
 */
record Rescale(float factor) implements Layer {

  private static final float AMPLITUDE = 1.7159f;
  private static final float SLOPE = 2f / 3;

  /** {@code 1.7159 tanh(2/3 x)}, which is 1 at 1 and -1 at -1: LeCun et al., 1998, appendix A. */
  static Sequential tanh() {
    return new Sequential()
        .add("slope", new Rescale(SLOPE))
        .add("tanh", Activate.tanh())
        .add("amplitude", new Rescale(AMPLITUDE));
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return operator(input.shape()).apply(List.of(input), context);
  }

  @Override
  public Operator operator(int... inputShape) {
    return new Operator.Scale(factor);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return inputShape.clone();
  }
}
