package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Objects;
import java.util.Optional;

/**
 * What a caller may ask of a plan.
 *
 * @param algorithm the algorithm to use, or empty to have one chosen
 * @param race whether the choice is made by measuring the candidates instead of by the cost model
 * @param residual whether each run adds a tensor of the output's shape before the activation
 * @param activation applied to each output last
 * @param workers the threads that runs use
 */
public record ConvOptions(
    Optional<Algorithm> algorithm,
    boolean race,
    boolean residual,
    Activation activation,
    Workers workers) {

  /**
   * Validates the options.
   *
   * @throws NullPointerException if one is null
   */
  public ConvOptions {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(workers, "workers");
  }

  /** Chosen by the cost model, no residual, no activation, the shared workers. */
  public static ConvOptions defaults() {
    return new ConvOptions(Optional.empty(), false, false, Activation.IDENTITY, Workers.shared());
  }

  /** These options with the algorithm pinned. */
  public ConvOptions withAlgorithm(Algorithm value) {
    return new ConvOptions(Optional.of(value), race, residual, activation, workers);
  }

  /** These options with the algorithm chosen by measuring all candidates. */
  public ConvOptions withRace() {
    return new ConvOptions(algorithm, true, residual, activation, workers);
  }

  /** These options with a residual added at each run. */
  public ConvOptions withResidual() {
    return new ConvOptions(algorithm, race, true, activation, workers);
  }

  /** These options with another activation. */
  public ConvOptions withActivation(Activation value) {
    return new ConvOptions(algorithm, race, residual, value, workers);
  }

  /** These options with another pool of workers. */
  public ConvOptions withWorkers(Workers value) {
    return new ConvOptions(algorithm, race, residual, activation, value);
  }
}
