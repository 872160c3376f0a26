package dev.lanewise.nn.train;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.data.Augmentation;
import dev.lanewise.nn.data.Shift;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.optim.GradientClip;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Schedule;
import dev.lanewise.nn.optim.Sgd;
import dev.lanewise.nn.optim.WeightAverage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a network is trained. The same options, data and starting values give the same weights, bit
 * for bit, on any number of threads.
 *
 * @param epochs passes over the training set
 * @param batch images of a step
 * @param optimizer how parameters follow their gradients
 * @param schedule how the learning rate changes
 * @param augmentation how training images are varied
 * @param loss what is made small
 * @param clip how large gradients may be
 * @param average the average of weights that is evaluated and kept in place of the last ones, if
 *     any
 * @param rates factors on the learning rate of parameters whose names fit a pattern, in which
 *     {@code *} stands for any characters; the last that fits counts, and 0 freezes
 * @param frozenNorms whether batch norms keep the running averages they begin with
 * @param seed of the order of images, their variation and dropout; starting values are the
 *     network's own
 * @param loaders threads that prepare batches ahead
 * @param files what is written
 */
public record TrainOptions(
    int epochs,
    int batch,
    Optimizer.Settings optimizer,
    Schedule schedule,
    Augmentation augmentation,
    CrossEntropy.Settings loss,
    GradientClip clip,
    Optional<WeightAverage.Kind> average,
    Map<String, Float> rates,
    boolean frozenNorms,
    long seed,
    int loaders,
    Files files) {

  /**
   * The files that a training writes, each of them whole or not at all.
   *
   * @param weights the weights, after each epoch and after a stop
   * @param checkpoint all that a training needs to go on from there; if it exists, it does
   * @param checkpointSteps steps after which it is written besides the ends of epochs; 0 for none
   * @param log a folder for {@code log.csv} and {@code index.html}
   */
  public record Files(
      Optional<Path> weights, Optional<Path> checkpoint, int checkpointSteps, Optional<Path> log) {

    /** Nothing is written. */
    public static final Files NONE =
        new Files(Optional.empty(), Optional.empty(), 0, Optional.empty());

    /** Validates the count. */
    public Files {
      Check.notNegative("steps between checkpoints", checkpointSteps);
    }

    /** These with a file for the weights. */
    public Files weights(Path file) {
      return new Files(Optional.of(file), checkpoint, checkpointSteps, log);
    }

    /** These with a file to go on from. */
    public Files checkpoint(Path file, int everySteps) {
      return new Files(weights, Optional.of(file), everySteps, log);
    }

    /** These with a folder for the log. */
    public Files log(Path folder) {
      return new Files(weights, checkpoint, checkpointSteps, Optional.of(folder));
    }
  }

  /**
   * Validates the options.
   *
   * @throws IllegalArgumentException if a count is below 1, or the schedule changes a momentum that
   *     the optimiser does not have
   */
  public TrainOptions {
    Check.positive("epochs", epochs);
    Check.positive("batch", batch);
    Check.notNegative("loader threads", loaders);
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(augmentation, "augmentation");
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(clip, "clip");
    Objects.requireNonNull(average, "average");
    Objects.requireNonNull(files, "files");
    boolean cycles = schedule.momentum(new Schedule.Moment(0, 1, List.of())).isPresent();
    Check.that(
        !cycles || (optimizer instanceof Sgd.Settings sgd && sgd.momentum() > 0),
        "%s changes the momentum, which %s does not have",
        schedule,
        optimizer);
    rates = Collections.unmodifiableMap(new LinkedHashMap<>(rates));
  }

  /** What trains the bundled LeNet-5. */
  public static TrainOptions defaults() {
    return new Builder().build();
  }

  /** A builder that begins with these options. */
  public Builder with() {
    Builder builder = new Builder();
    builder.epochs = epochs;
    builder.batch = batch;
    builder.optimizer = optimizer;
    builder.schedule = schedule;
    builder.augmentation = augmentation;
    builder.loss = loss;
    builder.clip = clip;
    builder.average = average;
    builder.rates = rates;
    builder.frozenNorms = frozenNorms;
    builder.seed = seed;
    builder.loaders = loaders;
    builder.files = files;
    return builder;
  }

  /** Options that are set one by one; those that are not are the defaults. */
  public static final class Builder {
    private int epochs = 20;
    private int batch = 64;
    private Optimizer.Settings optimizer = new Sgd.Settings(0.05f, 0.9f, false, 5e-4f);
    private Schedule schedule = new Schedule.Cosine();
    private Augmentation augmentation = Augmentation.of(new Shift(2));
    private CrossEntropy.Settings loss = CrossEntropy.Settings.PLAIN;
    private GradientClip clip = GradientClip.NONE;
    private Optional<WeightAverage.Kind> average = Optional.empty();
    private Map<String, Float> rates = Map.of();
    private boolean frozenNorms;
    private long seed = 1;
    private int loaders = 1;
    private Files files = Files.NONE;

    private Builder() {}

    /** Passes over the training set. */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /** Images of a step. */
    public Builder batch(int value) {
      batch = value;
      return this;
    }

    /** How parameters follow their gradients. */
    public Builder optimizer(Optimizer.Settings value) {
      optimizer = value;
      return this;
    }

    /** How the learning rate changes. */
    public Builder schedule(Schedule value) {
      schedule = value;
      return this;
    }

    /** How training images are varied. */
    public Builder augmentation(Augmentation value) {
      augmentation = value;
      return this;
    }

    /** What is made small. */
    public Builder loss(CrossEntropy.Settings value) {
      loss = value;
      return this;
    }

    /** How large gradients may be. */
    public Builder clip(GradientClip value) {
      clip = value;
      return this;
    }

    /** The average of weights that counts in place of the last ones. */
    public Builder average(WeightAverage.Kind value) {
      average = Optional.of(value);
      return this;
    }

    /** Factors on the learning rate by patterns of names. */
    public Builder rates(Map<String, Float> value) {
      rates = value;
      return this;
    }

    /** Whether batch norms keep the running averages they begin with. */
    public Builder frozenNorms(boolean value) {
      frozenNorms = value;
      return this;
    }

    /** Seed of the order of images, their variation and dropout. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Threads that prepare batches ahead; with 0 the trainer does. */
    public Builder loaders(int value) {
      loaders = value;
      return this;
    }

    /** What is written. */
    public Builder files(Files value) {
      files = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a count is below 1
     */
    public TrainOptions build() {
      return new TrainOptions(
          epochs,
          batch,
          optimizer,
          schedule,
          augmentation,
          loss,
          clip,
          average,
          rates,
          frozenNorms,
          seed,
          loaders,
          files);
    }
  }
}
