package dev.lanewise.nn.layer;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Elementwise;

/**
 * Applies an activation to every element, in whatever layout the input has.
 *
 * @param activation the function
 */
public record Activate(Activation activation) implements Layer {

  /** {@code max(x, 0)}. */
  public static Activate relu() {
    return new Activate(Activation.RELU);
  }

  /** ReLU with a slope of 0.1 for negative values. */
  public static Activate leakyRelu() {
    return leakyRelu(0.1f);
  }

  /** ReLU with a slope for negative values. */
  public static Activate leakyRelu(float slope) {
    return new Activate(new Activation.LeakyRelu(slope));
  }

  /** {@code min(max(x, 0), 6)}. */
  public static Activate relu6() {
    return new Activate(Activation.RELU6);
  }

  /** {@code x sigmoid(x)}. */
  public static Activate silu() {
    return new Activate(Activation.SILU);
  }

  /** {@code x min(max(x + 3, 0), 6) / 6}. */
  public static Activate hardSwish() {
    return new Activate(Activation.HARD_SWISH);
  }

  /** {@code min(max(x, low), high)}. */
  public static Activate clamp(float low, float high) {
    return new Activate(new Activation.Clamp(low, high));
  }

  /** The hyperbolic tangent. */
  public static Activate tanh() {
    return new Activate(Activation.TANH);
  }

  /** The logistic function. */
  public static Activate sigmoid() {
    return new Activate(Activation.SIGMOID);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return Elementwise.apply(input, activation, context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return inputShape.clone();
  }

  @Override
  public Operator operator(int... inputShape) {
    return new Operator.Activate(activation);
  }

  @Override
  public String type() {
    return activation.getClass().getSimpleName();
  }
}
