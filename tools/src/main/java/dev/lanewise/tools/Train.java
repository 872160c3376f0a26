package dev.lanewise.tools;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.Models;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.train.TrainOptions;
import dev.lanewise.nn.train.TrainOptions.Schedule;
import dev.lanewise.nn.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise train}: trains a model from random weights. */
@Command(
    name = "train",
    description = {
      "Train a model on the IDX files of MNIST or Fashion-MNIST.",
      "The weights are written after each epoch. Ctrl-C ends the training after the step at hand"
          + " and keeps the weights; the same seed gives the same weights on any number of threads."
    },
    footer = {
      "%nExample:",
      "  lanewise train lenet5 --data mnist --epochs 5 --out mine.safetensors"
    })
final class Train implements Callable<Integer> {

  private static final TrainOptions DEFAULTS = TrainOptions.defaults();

  @Spec private CommandSpec spec;

  @Mixin private ModelParameter model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the four IDX files, plain or gzipped.")
  private Path data;

  @Option(
      names = "--epochs",
      converter = Counts.class,
      paramLabel = "N",
      description = "Passes over the training set (default: ${DEFAULT-VALUE}).")
  private int epochs = DEFAULTS.epochs();

  @Option(
      names = "--batch",
      converter = Counts.class,
      paramLabel = "N",
      description = "Images of a step (default: ${DEFAULT-VALUE}).")
  private int batch = DEFAULTS.batch();

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "sgd, adam or rmsprop (default: ${DEFAULT-VALUE}).")
  private String optimizer = DEFAULTS.optimizer();

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Step size (default: 0.05 for sgd, 0.001 for the others).")
  private Float learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "FACTOR",
      description = "Momentum of sgd (default: 0.9).")
  private Float momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "FACTOR",
      description = "L2 penalty (default: ${DEFAULT-VALUE}).")
  private float weightDecay = DEFAULTS.weightDecay();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "How the step size falls: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Schedule schedule = DEFAULTS.schedule();

  @Option(
      names = "--shift",
      paramLabel = "PIXELS",
      description = "Move training images by up to so many pixels (default: ${DEFAULT-VALUE}).")
  private int shift = DEFAULTS.shift().pixels();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the weights and of the order of images (default: ${DEFAULT-VALUE}).")
  private long seed = DEFAULTS.seed();

  @Mixin private ThreadsOption threads;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the weights go (default: MODEL.safetensors in this folder).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path file = out == null ? Path.of(model.name() + ".safetensors") : out;
    Trainer trainer = trainer(file, threads.workers());
    MnistData train = MnistData.load(data, Split.TRAIN);
    MnistData test = MnistData.load(data, Split.TEST);
    PrintWriter writer = spec.commandLine().getOut();
    try {
      trainer.run(train, test, writer::println);
    } catch (ArithmeticException diverged) {
      throw new IllegalArgumentException(diverged.getMessage(), diverged);
    }
    if (!trainer.stopped()) {
      writer.println("the weights are in " + file);
    }
    return 0;
  }

  private Trainer trainer(Path file, Workers workers) {
    try {
      checkWritable(file);
      boolean sgd = optimizer.equals("sgd");
      float rate = learningRate != null ? learningRate : sgd ? DEFAULTS.learningRate() : 0.001f;
      float inertia = momentum != null ? momentum : sgd ? DEFAULTS.momentum() : 0;
      TrainOptions options =
          DEFAULTS
              .epochs(epochs)
              .batch(batch)
              .optimizer(optimizer, rate, inertia, weightDecay)
              .schedule(schedule)
              .shift(shift)
              .seed(seed)
              .checkpoint(file);
      Network network = Models.create(model.name()).initialize(seed);
      return new Trainer(network, options, workers);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  /** Refuses a file that could not be written, before hours are spent on what goes into it. */
  private static void checkWritable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(file)) {
      throw new IllegalArgumentException("--out " + file + " cannot be written");
    }
  }
}
