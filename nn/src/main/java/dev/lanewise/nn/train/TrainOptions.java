package dev.lanewise.nn.train;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.data.Shift;
import dev.lanewise.nn.optim.Optimizer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a network is trained. The same options, data and starting values give the same weights, bit
 * for bit, on any number of threads.
 *
 * @param epochs passes over the training set
 * @param batch samples of a step
 * @param optimizer one of {@link Optimizer#NAMES}
 * @param learningRate step size of the first step
 * @param momentum of {@code sgd}
 * @param weightDecay L2 penalty
 * @param schedule how the step size falls
 * @param shift how training images are varied
 * @param seed of the order of samples and the variation; starting values are the network's own
 * @param checkpoint the file that keeps the weights after each epoch and after a stop, if any
 */
public record TrainOptions(
    int epochs,
    int batch,
    String optimizer,
    float learningRate,
    float momentum,
    float weightDecay,
    Schedule schedule,
    Shift shift,
    long seed,
    Optional<Path> checkpoint) {

  /** How the step size changes over a training. */
  public enum Schedule {
    /** It stays. */
    CONSTANT,
    /** It falls to zero along half a cosine, step by step (Loshchilov and Hutter, 2017). */
    COSINE;

    /** The factor on the first step size after a fraction of all steps. */
    double factor(double done) {
      return this == CONSTANT ? 1 : (1 + Math.cos(Math.PI * done)) / 2;
    }
  }

  /**
   * Validates the options.
   *
   * @throws IllegalArgumentException if a count is below 1 or the optimiser unknown
   */
  public TrainOptions {
    Check.positive("epochs", epochs);
    Check.positive("batch", batch);
    Check.that(
        Optimizer.NAMES.contains(optimizer),
        "unknown optimizer '%s'; known: %s",
        optimizer,
        Optimizer.NAMES);
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(shift, "shift");
    Objects.requireNonNull(checkpoint, "checkpoint");
  }

  /** What trains the bundled LeNet-5, apart from the number of epochs. */
  public static TrainOptions defaults() {
    return new TrainOptions(
        20, 64, "sgd", 0.05f, 0.9f, 5e-4f, Schedule.COSINE, new Shift(2), 1, Optional.empty());
  }

  /** These options with another number of epochs. */
  public TrainOptions epochs(int value) {
    return new TrainOptions(
        value,
        batch,
        optimizer,
        learningRate,
        momentum,
        weightDecay,
        schedule,
        shift,
        seed,
        checkpoint);
  }

  /** These options with another batch. */
  public TrainOptions batch(int value) {
    return new TrainOptions(
        epochs,
        value,
        optimizer,
        learningRate,
        momentum,
        weightDecay,
        schedule,
        shift,
        seed,
        checkpoint);
  }

  /** These options with another optimiser and its settings. */
  public TrainOptions optimizer(String name, float rate, float newMomentum, float decay) {
    return new TrainOptions(
        epochs, batch, name, rate, newMomentum, decay, schedule, shift, seed, checkpoint);
  }

  /** These options with another schedule. */
  public TrainOptions schedule(Schedule value) {
    return new TrainOptions(
        epochs,
        batch,
        optimizer,
        learningRate,
        momentum,
        weightDecay,
        value,
        shift,
        seed,
        checkpoint);
  }

  /** These options with images moved by so many pixels at most. */
  public TrainOptions shift(int pixels) {
    return new TrainOptions(
        epochs,
        batch,
        optimizer,
        learningRate,
        momentum,
        weightDecay,
        schedule,
        new Shift(pixels),
        seed,
        checkpoint);
  }

  /** These options with another seed. */
  public TrainOptions seed(long value) {
    return new TrainOptions(
        epochs,
        batch,
        optimizer,
        learningRate,
        momentum,
        weightDecay,
        schedule,
        shift,
        value,
        checkpoint);
  }

  /** These options with a file for the weights. */
  public TrainOptions checkpoint(Path file) {
    return new TrainOptions(
        epochs,
        batch,
        optimizer,
        learningRate,
        momentum,
        weightDecay,
        schedule,
        shift,
        seed,
        Optional.of(file));
  }
}
