package dev.lanewise.nn.train;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Augmentation;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.BatchQueue;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Loader;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.metrics.Evaluation;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.ParameterGroups;
import dev.lanewise.nn.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Trains a classifier by cross-entropy, epoch after epoch, and evaluates it after each.
 *
 * <p>The first Ctrl-C (or {@link #stop()}) ends it after the step at hand; the weights are then in
 * the checkpoint file, if there is one.
 */
public final class Trainer {

  private final Network network;
  private final TrainOptions options;
  private final Workers workers;
  private final Context context;
  private final Optimizer optimizer;
  private volatile boolean stopped;

  /** A trainer of a network that already has its starting values. */
  public Trainer(Network network, TrainOptions options, Workers workers) {
    this.network = network;
    this.options = options;
    this.workers = workers;
    context = Context.training(workers);
    optimizer =
        Optimizer.settings(
                options.optimizer(),
                options.learningRate(),
                options.momentum(),
                options.weightDecay())
            .optimizer(ParameterGroups.of(network.parameters()), workers);
  }

  /** Ends the training after the step at hand; may be called from any thread. */
  public void stop() {
    stopped = true;
  }

  /** Whether the training was stopped before its end. */
  public boolean stopped() {
    return stopped;
  }

  /**
   * Trains.
   *
   * @param listener is told of each full epoch
   * @throws IllegalArgumentException if a data set is empty or does not fit the network
   * @throws ArithmeticException if the loss is no longer finite
   * @throws IOException if the checkpoint cannot be written
   */
  public void run(Dataset train, Dataset test, Consumer<EpochReport> listener) throws IOException {
    Check.that(train.size() > 0, "there is no sample to train %s on", network.name());
    try (StopOnShutdown _ = new StopOnShutdown(this::stop)) {
      Loader loader =
          Loader.training(
              train, options.batch(), Augmentation.of(options.shift()), options.seed(), 1);
      Context testing = Context.inference(workers);
      for (int epoch = 1; epoch <= options.epochs() && !stopped; epoch++) {
        long start = System.nanoTime();
        double loss = epoch(epoch, loader);
        double seconds = (System.nanoTime() - start) * 1e-9;
        checkpoint(epoch);
        if (!stopped) {
          Evaluation result = Evaluation.of(network, test, testing);
          listener.accept(new EpochReport(epoch, options.epochs(), loss, seconds, result));
        }
      }
    }
  }

  /** Trains on every sample once and returns the mean loss of the steps. */
  private double epoch(int epoch, Loader loader) throws IOException {
    int steps = loader.steps();
    double sum = 0;
    int done = 0;
    try (BatchQueue batches = loader.epoch(epoch);
        Progress bar = Progress.of("epoch %d/%d".formatted(epoch, options.epochs()), steps)) {
      while (done < steps && !stopped) {
        double progress = ((epoch - 1) + done / (double) steps) / options.epochs();
        optimizer.learningRate(
            (float) (options.learningRate() * options.schedule().factor(progress)));
        float loss = step(batches.next());
        done++;
        if (!Float.isFinite(loss)) {
          throw new ArithmeticException(
              "the loss became %s in epoch %d, step %d; a smaller learning rate than %s may help"
                  .formatted(loss, epoch, done, options.learningRate()));
        }
        sum += loss;
        double mean = sum / done;
        bar.step(() -> String.format(Locale.ROOT, "loss %.4f", mean));
      }
    }
    return sum / done;
  }

  /** One step: forward, backward, update. Returns the loss before it. */
  private float step(Batch batch) {
    context.recycle();
    optimizer.zeroGrad();
    Tensor loss =
        CrossEntropy.Settings.PLAIN.of(
            network.forward(batch.input(), context), batch.labels(), context);
    loss.backward();
    optimizer.step();
    return loss.item();
  }

  private void checkpoint(int epoch) throws IOException {
    if (options.checkpoint().isPresent()) {
      Path file = options.checkpoint().get();
      Map<String, String> about = Map.of("model", network.name());
      Safetensors.save(file, network.parameters(), about);
      if (stopped) {
        System.err.printf("%nStopped in epoch %d; the weights are in %s%n", epoch, file);
      }
    }
  }
}
