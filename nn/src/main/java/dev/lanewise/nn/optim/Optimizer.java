package dev.lanewise.nn.optim;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import java.util.Collection;
import java.util.List;

/** Changes parameters by their gradients, one step at a time. */
public abstract sealed class Optimizer permits Sgd, Adam, RmsProp {

  /** The optimisers that {@link #create} knows. */
  public static final List<String> NAMES = List.of("sgd", "adam", "rmsprop");

  private final List<Tensor> parameters;
  private float learningRate;

  Optimizer(Collection<Tensor> parameters, float learningRate) {
    this.parameters = List.copyOf(parameters);
    learningRate(learningRate);
  }

  /**
   * An optimiser by name.
   *
   * @param momentum of {@code sgd}; the others, which have none, need 0
   * @param weightDecay L2 penalty added to the gradient
   * @throws IllegalArgumentException if the name is unknown, naming the known ones
   */
  public static Optimizer create(
      String name,
      Collection<Tensor> parameters,
      float learningRate,
      float momentum,
      float weightDecay) {
    Check.that(NAMES.contains(name), "unknown optimizer '%s'; known: %s", name, NAMES);
    Check.that(momentum == 0 || name.equals("sgd"), "%s takes no momentum, got %s", name, momentum);
    return switch (name) {
      case "sgd" -> new Sgd(parameters, learningRate, momentum, weightDecay);
      case "adam" -> new Adam(parameters, learningRate, weightDecay);
      default -> new RmsProp(parameters, learningRate, weightDecay);
    };
  }

  /** The step size in use. */
  public final float learningRate() {
    return learningRate;
  }

  /**
   * Sets the step size from the next step on.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final void learningRate(float value) {
    learningRate = notNegative("learning rate", value);
  }

  /** Forgets all gradients. */
  public final void zeroGrad() {
    parameters.forEach(Tensor::zeroGrad);
  }

  /** Changes every parameter that has a gradient. */
  public final void step() {
    beforeStep();
    for (int i = 0; i < parameters.size(); i++) {
      Tensor parameter = parameters.get(i);
      float[] grad = parameter.grad();
      if (grad != null) {
        update(i, parameter.data(), grad);
      }
    }
  }

  /** What happens once a step, before the first update. */
  void beforeStep() {}

  /** Changes the values of parameter number {@code index}; the gradient is only read. */
  abstract void update(int index, float[] values, float[] grad);

  /** One array of zeros for each parameter. */
  static float[][] state(Collection<Tensor> parameters) {
    return parameters.stream().map(p -> new float[p.data().length]).toArray(float[][]::new);
  }

  static float notNegative(String name, float value) {
    Check.that(
        value >= 0 && value < Float.POSITIVE_INFINITY,
        "%s must be finite and not negative, is %s",
        name,
        value);
    return value;
  }
}
