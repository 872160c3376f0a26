package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Dense;
import java.util.Map;
import java.util.Random;

/**
 * A dense layer: {@code [n, in]} to {@code [n, out]}, {@code y = x W^T + b}, with {@code weight
 * [out, in]} and {@code bias [out]}.
 */
public final class Linear implements Layer {

  private final int inFeatures;
  private final int outFeatures;
  private final Tensor weight;
  private final Tensor bias;

  /** A dense layer whose parameters are zero until they are initialised or loaded. */
  public Linear(int inFeatures, int outFeatures) {
    this.inFeatures = Check.positive("inFeatures", inFeatures);
    this.outFeatures = Check.positive("outFeatures", outFeatures);
    weight = Tensor.parameter(outFeatures, inFeatures);
    bias = Tensor.parameter(outFeatures);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    outputShape(input.shape());
    return Dense.apply(input, weight, bias, context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length == 2 && inputShape[1] == inFeatures,
        "dense %d > %d needs an input [n, %d], got %s",
        inFeatures,
        outFeatures,
        inFeatures,
        Tensor.text(inputShape));
    return new int[] {inputShape[0], outFeatures};
  }

  @Override
  public Operator operator(int... inputShape) {
    outputShape(inputShape);
    return new Operator.Linear(weight, bias);
  }

  @Override
  public Map<String, Tensor> parameters() {
    return Conv.named(weight, bias);
  }

  @Override
  public void initialize(Initializer initializer, Random random) {
    Fan fan = new Fan(inFeatures, outFeatures);
    initializer.weight(weight.data(), fan, random);
    initializer.bias(bias.data(), fan, random);
  }

  @Override
  public long multiplyAdds(int... inputShape) {
    return (long) inputShape[0] * inFeatures * outFeatures;
  }

  @Override
  public boolean seesAll() {
    return true;
  }
}
