package dev.lanewise.nn.train;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Seeds;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.BatchQueue;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Loader;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.metrics.Evaluation;
import dev.lanewise.nn.op.Add;
import dev.lanewise.nn.op.Scale;
import dev.lanewise.nn.optim.Gradients;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.ParameterGroups;
import dev.lanewise.nn.optim.Schedule;
import dev.lanewise.nn.optim.WeightAverage;
import dev.lanewise.nn.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains a classifier, epoch after epoch, and evaluates it after each.
 *
 * <p>The first Ctrl-C (or {@link #stop()}) ends it after the step at hand; the weights and the
 * checkpoint are written then. With a checkpoint a training that was ended in any way, even by
 * {@code kill -9}, goes on where the file stands and comes to the same weights, bit for bit, as one
 * that was never ended.
 */
public final class Trainer {

  /** What the loss of an auxiliary head counts (Szegedy et al. 2015). */
  private static final float AUXILIARY = 0.3f;

  private final Network network;
  private final TrainOptions options;
  private final Context context;
  private final Context testing;
  private final Optimizer optimizer;
  private final Gradients gradients;
  private final Optional<WeightAverage> average;
  private final List<EpochRow> rows = new ArrayList<>();
  private int epoch = 1;
  private int step;
  private double lossSum;
  private Map<String, Double> norms = Map.of();
  private volatile boolean stopped;

  /**
   * A trainer of a network that already has its starting values.
   *
   * @throws IllegalArgumentException if a pattern of the options fits no parameter's name
   */
  public Trainer(Network network, TrainOptions options, Workers workers) {
    this.network = network;
    this.options = options;
    context = Context.training(workers);
    testing = Context.inference(workers);
    ParameterGroups groups = ParameterGroups.of(network.parameters());
    for (Map.Entry<String, Float> rate : options.rates().entrySet()) {
      groups = groups.rate(rate.getKey(), rate.getValue());
    }
    groups.members().forEach(member -> member.tensor().train(member.rate() > 0));
    for (Layer layer : network.leaves().values()) {
      if (layer instanceof BatchNorm norm) {
        norm.freezeStatistics(options.frozenNorms());
      }
    }
    ParameterGroups trained = groups.trained();
    Check.that(!trained.members().isEmpty(), "every parameter of %s is frozen", network.name());
    optimizer = options.optimizer().optimizer(trained, workers);
    gradients = new Gradients(trained.tensors(), workers);
    average = options.average().map(kind -> new WeightAverage(kind, network.state(), workers));
  }

  /** Ends the training after the step at hand; may be called from any thread. */
  public void stop() {
    stopped = true;
  }

  /** Whether the training was stopped before its end. */
  public boolean stopped() {
    return stopped;
  }

  /** The figures of the epochs so far. */
  public List<EpochRow> rows() {
    return List.copyOf(rows);
  }

  /**
   * Requires that the images, varied as the options say, fit the network, and that what is to be
   * written can be: what is better known before long work.
   *
   * @throws IllegalArgumentException if a set is empty or does not fit
   * @throws IOException if the first image cannot be read, or a file could not be written
   */
  public void check(Dataset train, Dataset test) throws IOException {
    for (Dataset data : List.of(train, test)) {
      Check.that(data.size() > 0, "there is no image to train or test %s on", network.name());
    }
    fit(loader(train), train);
    fit(Loader.evaluation(test, 1, 0), test);
    TrainOptions.Files files = options.files();
    for (Optional<Path> file : List.of(files.weights(), files.checkpoint())) {
      if (file.isPresent()) {
        AtomicFile.requireWritable(file.get());
      }
    }
    if (files.log().isPresent()) {
      Files.createDirectories(files.log().get());
      AtomicFile.requireWritable(files.log().get().resolve("log.csv"));
    }
  }

  /** Requires that the first batch fits the network and its answers the classes. */
  private void fit(Loader loader, Dataset data) throws IOException {
    try (BatchQueue first = loader.epoch(0)) {
      int[] output = network.body().outputShape(first.next().input().shape());
      int classes = data.classes().size();
      Check.that(
          output.length == 2 && output[1] == classes,
          "%s gives %s, the data set has %d classes",
          network.name(),
          Tensor.text(output),
          classes);
    }
  }

  private Loader loader(Dataset train) {
    return Loader.training(
        train, options.batch(), options.augmentation(), options.seed(), options.loaders());
  }

  /**
   * Trains, from the checkpoint on if there is one.
   *
   * @param listener is told of each full epoch
   * @throws IllegalArgumentException if a data set is empty or does not fit the network
   * @throws ArithmeticException if the loss is no longer finite, saying where that began; the
   *     checkpoint stays as it was
   * @throws IOException if an image cannot be read or a file not written, or the checkpoint is that
   *     of another training
   */
  public void run(Dataset train, Dataset test, Consumer<EpochReport> listener) throws IOException {
    check(train, test);
    Checkpoint checkpoint = checkpoint(train);
    resume(checkpoint);
    Loader loader = loader(train);
    try (StopOnShutdown _ = new StopOnShutdown(this::stop)) {
      while (epoch <= options.epochs() && !stopped) {
        long start = System.nanoTime();
        steps(loader, checkpoint);
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (stopped) {
          save(checkpoint);
        } else {
          finishEpoch(test, seconds, loader.steps(), listener);
          save(checkpoint);
        }
      }
      saveWeights();
      if (stopped) {
        System.err.printf("%nStopped in epoch %d, after step %d.%n", epoch, step);
      }
    }
  }

  /** Trains until the end of the epoch or a stop. */
  private void steps(Loader loader, Checkpoint checkpoint) throws IOException {
    int steps = loader.steps();
    int every = options.files().checkpointSteps();
    try (BatchQueue batches = loader.epoch(epoch, step);
        Progress bar = Progress.of("epoch %d/%d".formatted(epoch, options.epochs()), steps)) {
      bar.stepTo(step);
      while (batches.hasNext() && !stopped) {
        lossSum += step(batches.next(), steps);
        step++;
        double mean = lossSum / step;
        bar.step(() -> String.format(Locale.ROOT, "loss %.4f", mean));
        if (every > 0 && step % every == 0 && step < steps) {
          save(checkpoint);
        }
      }
    }
  }

  /** One step: forward, backward, update. Returns the loss before it. */
  private float step(Batch batch, int steps) {
    followSchedule(steps);
    context.recycle();
    context.seed(Seeds.at(options.seed(), (epoch - 1L) * steps + step));
    optimizer.zeroGrad();
    Tensor loss = loss(batch);
    float value = loss.item();
    if (!Float.isFinite(value)) {
      throw new ArithmeticException(
          "the loss became %s in epoch %d, step %d; %s; a smaller learning rate than %s may help"
              .formatted(
                  value,
                  epoch,
                  step + 1,
                  LossFault.find(network, batch, context),
                  options.optimizer().rate()));
    }
    loss.backward();
    float scale = options.clip().apply(gradients);
    if (step == steps - 1) {
      norms = gradients.norms();
    }
    optimizer.step(scale);
    average.ifPresent(WeightAverage::afterStep);
    return value;
  }

  /** Sets the learning rate, and the momentum if it changes, as the schedule has them now. */
  private void followSchedule(int steps) {
    double done = (epoch - 1) + step / (double) steps;
    List<Double> losses = rows.stream().map(EpochRow::testLoss).toList();
    Schedule.Moment moment = new Schedule.Moment(done, options.epochs(), losses);
    double factor = options.schedule().factor(moment);
    optimizer.learningRate((float) (options.optimizer().rate() * factor));
    options.schedule().momentum(moment).ifPresent(value -> optimizer.momentum((float) value));
  }

  /** The loss of the output, and part of those of the auxiliary heads. */
  private Tensor loss(Batch batch) {
    List<Tensor> outputs = network.outputs(batch.input(), context);
    Tensor loss = options.loss().of(outputs.getFirst(), batch.labels(), context);
    for (Tensor output : outputs.subList(1, outputs.size())) {
      Tensor other = options.loss().of(output, batch.labels(), context);
      loss = Add.apply(loss, Scale.apply(other, AUXILIARY, 0, context), context);
    }
    return loss;
  }

  private void finishEpoch(Dataset test, double seconds, int steps, Consumer<EpochReport> listener)
      throws IOException {
    average.ifPresent(values -> values.afterEpoch(epoch));
    average.ifPresent(WeightAverage::swap);
    Evaluation result = Evaluation.of(network, test, testing);
    average.ifPresent(WeightAverage::swap);
    EpochRow row =
        EpochRow.of(epoch, optimizer.learningRate(), lossSum / steps, result, seconds, norms);
    rows.add(row);
    epoch++;
    step = 0;
    lossSum = 0;
    saveWeights();
    if (options.files().log().isPresent()) {
      new TrainingLog(options.files().log().get())
          .write(network.name(), options, rows, result, test);
    }
    listener.accept(new EpochReport(row, options.epochs(), result));
  }

  /** Writes the weights, or their averages, with the running statistics. */
  private void saveWeights() throws IOException {
    if (options.files().weights().isPresent()) {
      average.ifPresent(WeightAverage::swap);
      try {
        Map<String, String> about = Map.of("model", network.name());
        Safetensors.save(options.files().weights().get(), network.state(), about);
      } finally {
        average.ifPresent(WeightAverage::swap);
      }
    }
  }

  private Checkpoint checkpoint(Dataset train) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("model", network.name());
    identity.put("images", String.valueOf(train.size()));
    identity.put("epochs", String.valueOf(options.epochs()));
    identity.put("batch", String.valueOf(options.batch()));
    identity.put("optimizer", options.optimizer().toString());
    identity.put("schedule", options.schedule().toString());
    identity.put("augmentation", options.augmentation().toString());
    identity.put("loss", options.loss().toString());
    identity.put("clip", options.clip().toString());
    identity.put("average", options.average().map(Object::toString).orElse("none"));
    identity.put("rates", options.rates().toString());
    identity.put("frozen norms", String.valueOf(options.frozenNorms()));
    identity.put("seed", String.valueOf(options.seed()));
    Map<String, Tensor> values = new LinkedHashMap<>();
    network.state().forEach((name, value) -> values.put("network." + name, value));
    optimizer.state().forEach((name, value) -> values.put("optimizer." + name, value));
    average.ifPresent(a -> a.state().forEach((name, v) -> values.put("average." + name, v)));
    return new Checkpoint(identity, values);
  }

  private void save(Checkpoint checkpoint) throws IOException {
    if (options.files().checkpoint().isPresent()) {
      Map<String, String> moment = new LinkedHashMap<>();
      moment.put("epoch", String.valueOf(epoch));
      moment.put("step", String.valueOf(step));
      moment.put("loss", String.valueOf(lossSum));
      moment.put("updates", String.valueOf(optimizer.steps()));
      moment.put("averaged", String.valueOf(average.map(WeightAverage::updates).orElse(0L)));
      moment.put("log", EpochRow.csv(rows));
      checkpoint.save(options.files().checkpoint().get(), moment);
    }
  }

  private void resume(Checkpoint checkpoint) throws IOException {
    Optional<Path> file = options.files().checkpoint().filter(Files::exists);
    if (file.isEmpty()) {
      return;
    }
    Map<String, String> moment = checkpoint.restore(file.get());
    try {
      epoch = Integer.parseInt(moment.get("epoch"));
      step = Integer.parseInt(moment.get("step"));
      lossSum = Double.parseDouble(moment.get("loss"));
      optimizer.resume(Long.parseLong(moment.get("updates")));
      long averaged = Long.parseLong(moment.get("averaged"));
      average.ifPresent(values -> values.resume(averaged));
    } catch (NumberFormatException | NullPointerException damaged) {
      throw new IOException(file.get() + ": does not say where the training stood", damaged);
    }
    rows.clear();
    rows.addAll(EpochRow.parse(moment.getOrDefault("log", ""), file.get().toString()));
  }
}
