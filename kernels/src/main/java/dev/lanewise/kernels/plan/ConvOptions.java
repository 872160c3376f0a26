package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Objects;
import java.util.Optional;

/**
 * What a caller may ask of a plan.
 *
 * @param algorithm the algorithm to use, or empty to have one chosen
 * @param race whether the choice is made by measuring the candidates instead of by the cost model
 * @param residual whether each run adds a tensor of the output's shape before the activation
 * @param activation applied to each output last
 * @param accuracy how much rounding error a chosen algorithm may have; a pinned one may have any
 * @param workspaceLimit most bytes of scratch that a chosen algorithm may take, all workers
 *     together; if every algorithm needs more, the one that needs least is chosen
 * @param wisdom picks of earlier races, used instead of measuring or estimating; a race adds its
 *     own
 * @param repacked whether the filter changes before each run, as in training: the cost model then
 *     counts the work of laying it out
 * @param workers the threads that runs use
 */
public record ConvOptions(
    Optional<Algorithm> algorithm,
    boolean race,
    boolean residual,
    Activation activation,
    Accuracy accuracy,
    long workspaceLimit,
    Optional<Wisdom> wisdom,
    boolean repacked,
    Workers workers) {

  /**
   * Validates the options.
   *
   * @throws NullPointerException if one is null
   * @throws IllegalArgumentException if the workspace limit is negative
   */
  public ConvOptions {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(activation, "activation");
    Objects.requireNonNull(accuracy, "accuracy");
    Objects.requireNonNull(wisdom, "wisdom");
    Objects.requireNonNull(workers, "workers");
    Check.that(workspaceLimit >= 0, "workspaceLimit must not be negative, is %d", workspaceLimit);
  }

  /**
   * Chosen by the cost model, no residual, no activation, {@link Accuracy#DEFAULT}, any workspace,
   * the shared workers.
   */
  public static ConvOptions defaults() {
    return new ConvOptions(
        Optional.empty(),
        false,
        false,
        Activation.IDENTITY,
        Accuracy.DEFAULT,
        Long.MAX_VALUE,
        Optional.empty(),
        false,
        Workers.shared());
  }

  /** These options with the algorithm pinned. */
  public ConvOptions withAlgorithm(Algorithm value) {
    return new ConvOptions(
        Optional.of(value),
        race,
        residual,
        activation,
        accuracy,
        workspaceLimit,
        wisdom,
        repacked,
        workers);
  }

  /** These options with the algorithm chosen by measuring all candidates. */
  public ConvOptions withRace() {
    return new ConvOptions(
        algorithm, true, residual, activation, accuracy, workspaceLimit, wisdom, repacked, workers);
  }

  /** These options with a residual added at each run. */
  public ConvOptions withResidual() {
    return new ConvOptions(
        algorithm, race, true, activation, accuracy, workspaceLimit, wisdom, repacked, workers);
  }

  /** These options with another activation. */
  public ConvOptions withActivation(Activation value) {
    return new ConvOptions(
        algorithm, race, residual, value, accuracy, workspaceLimit, wisdom, repacked, workers);
  }

  /** These options with another bound of rounding error. */
  public ConvOptions withAccuracy(Accuracy value) {
    return new ConvOptions(
        algorithm, race, residual, activation, value, workspaceLimit, wisdom, repacked, workers);
  }

  /** These options with a limit of scratch memory in bytes, all workers together. */
  public ConvOptions withWorkspaceLimit(long bytes) {
    return new ConvOptions(
        algorithm, race, residual, activation, accuracy, bytes, wisdom, repacked, workers);
  }

  /** These options with picks to use, and to add to where a race is held. */
  public ConvOptions withWisdom(Wisdom value) {
    return new ConvOptions(
        algorithm,
        race,
        residual,
        activation,
        accuracy,
        workspaceLimit,
        Optional.of(value),
        repacked,
        workers);
  }

  /** These options for a filter that is packed anew before each run. */
  public ConvOptions withRepacking() {
    return new ConvOptions(
        algorithm, race, residual, activation, accuracy, workspaceLimit, wisdom, true, workers);
  }

  /** These options with another pool of workers. */
  public ConvOptions withWorkers(Workers value) {
    return new ConvOptions(
        algorithm, race, residual, activation, accuracy, workspaceLimit, wisdom, repacked, value);
  }
}
