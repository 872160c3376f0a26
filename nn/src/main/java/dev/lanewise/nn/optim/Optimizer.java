package dev.lanewise.nn.optim;

import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes parameters by their gradients, one step at a time.
 *
 * <p>An update goes over a parameter once, on lanes, and over all parameters in parallel; its
 * result has the same bits on any number of threads. A step allocates nothing.
 */
public abstract sealed class Optimizer permits Sgd, Adam, RmsProp {

  /** The optimisers that {@link #create} knows. */
  public static final List<String> NAMES = List.of("sgd", "adam", "adamw", "rmsprop");

  /** What an optimiser is to be, without its parameters; its text says it in full. */
  public sealed interface Settings permits Sgd.Settings, Adam.Settings, RmsProp.Settings {

    /** The learning rate that schedules multiply. */
    float rate();

    /** An optimiser of some parameters. */
    Optimizer optimizer(ParameterGroups parameters, Workers workers);
  }

  private final List<ParameterGroups.Member> members;
  private final float weightDecay;
  private final Map<String, float[][]> state = new LinkedHashMap<>();
  private final Pieces pieces;
  private final Task task;
  private float learningRate;
  private float gradientScale;
  private long steps;

  Optimizer(ParameterGroups parameters, float rate, float weightDecay, Workers workers) {
    members = parameters.members();
    learningRate(rate);
    this.weightDecay = notNegative("weight decay", weightDecay);
    pieces =
        new Pieces(workers, members.stream().mapToInt(m -> m.tensor().data().length).toArray());
    task = pieces.task(this::updatePiece);
  }

  /**
   * An optimiser by name, at its usual settings but for these.
   *
   * @param momentum of {@code sgd}; the others, which have none, need 0
   * @param weightDecay the penalty; added to the gradient except by {@code adamw}
   * @throws IllegalArgumentException if the name is unknown, naming the known ones
   */
  public static Settings settings(String name, float rate, float momentum, float weightDecay) {
    Check.that(NAMES.contains(name), "unknown optimizer '%s'; known: %s", name, NAMES);
    Check.that(momentum == 0 || name.equals("sgd"), "%s takes no momentum, got %s", name, momentum);
    return switch (name) {
      case "sgd" -> new Sgd.Settings(rate, momentum, false, weightDecay);
      case "adam" -> Adam.Settings.of(rate).weightDecay(weightDecay);
      case "adamw" -> Adam.Settings.of(rate).decoupledDecay(weightDecay);
      default -> RmsProp.Settings.of(rate).weightDecay(weightDecay);
    };
  }

  /** An optimiser by name on the shared workers; see {@link #settings}. */
  public static Optimizer create(
      String name, Collection<Tensor> parameters, float rate, float momentum, float weightDecay) {
    return settings(name, rate, momentum, weightDecay)
        .optimizer(ParameterGroups.of(parameters), Workers.shared());
  }

  /** The learning rate in use. */
  public final float learningRate() {
    return learningRate;
  }

  /**
   * Sets the learning rate from the next step on.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final void learningRate(float value) {
    learningRate = notNegative("learning rate", value);
  }

  /**
   * Sets the momentum from the next step on.
   *
   * @throws IllegalArgumentException if this optimiser has none, or it is not from 0 to below 1
   */
  public void momentum(float value) {
    Check.that(false, "only sgd has a momentum that can be set to %s", value);
  }

  /** Forgets all gradients. */
  public final void zeroGrad() {
    for (int i = 0; i < members.size(); i++) {
      members.get(i).tensor().zeroGrad();
    }
  }

  /** Changes every parameter that has a gradient. */
  public final void step() {
    step(1);
  }

  /**
   * Changes every parameter that has a gradient, as if all gradients were multiplied by a factor.
   *
   * @param scale the factor, such as {@link Gradients#scale} gives
   */
  public final void step(float scale) {
    gradientScale = scale;
    steps++;
    beforeStep(steps);
    pieces.run(task);
    for (int i = 0; i < members.size(); i++) {
      members.get(i).tensor().changed();
    }
  }

  private void updatePiece(int index, int piece, int from, int to) {
    ParameterGroups.Member member = members.get(index);
    float[] grad = member.tensor().grad();
    if (grad != null) {
      float rate = learningRate * member.rate();
      float decay = weightDecay * member.decay();
      update(index, member.tensor().data(), grad, gradientScale, rate, decay, from, to);
    }
  }

  /** What is computed once a step, before the first update. */
  void beforeStep(long step) {}

  /**
   * Changes the values {@code [from, to)} of parameter number {@code index}.
   *
   * @param grad its gradient, only read
   * @param scale factor on the gradient
   */
  abstract void update(
      int index,
      float[] values,
      float[] grad,
      float scale,
      float rate,
      float decay,
      int from,
      int to);

  /** One array of zeros for each parameter, kept under a name in {@link #state()}. */
  final float[][] newState(String name) {
    float[][] arrays =
        members.stream().map(m -> new float[m.tensor().data().length]).toArray(float[][]::new);
    state.put(name, arrays);
    return arrays;
  }

  /** How many steps were made. */
  public final long steps() {
    return steps;
  }

  /**
   * What the optimiser remembers from step to step besides {@link #steps()}: live values under
   * names such as {@code velocity.conv1.weight}.
   */
  public final Map<String, Tensor> state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.forEach(
        (kind, arrays) -> {
          for (int i = 0; i < arrays.length; i++) {
            Tensor parameter = members.get(i).tensor();
            tensors.put(
                kind + "." + members.get(i).name(),
                Tensor.of(parameter.layout(), arrays[i], parameter.shape()));
          }
        });
    return tensors;
  }

  /**
   * Goes on from an earlier state; its values are set through {@link #state()}.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public final void resume(long stepsMade) {
    Check.that(stepsMade >= 0, "steps must not be negative, are %d", stepsMade);
    steps = stepsMade;
  }

  static float notNegative(String name, float value) {
    Check.that(
        value >= 0 && value < Float.POSITIVE_INFINITY,
        "%s must be finite and not negative, is %s",
        name,
        value);
    return value;
  }

  static float belowOne(String name, float value) {
    Check.that(value >= 0 && value < 1, "%s must be at least 0 and below 1, is %s", name, value);
    return value;
  }
}
