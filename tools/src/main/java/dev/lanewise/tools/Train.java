package dev.lanewise.tools;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.Models;
import dev.lanewise.nn.data.Augmentation;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.ResizedCrop;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.data.Subset;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.train.TrainOptions;
import dev.lanewise.nn.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise train}: trains a model from random weights, or from those of a file. */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Train a model on MNIST, Fashion-MNIST, CIFAR or folders of images.",
      "The weights are written after each epoch. Ctrl-C ends the training after the step at hand"
          + " and keeps the weights; the same seed gives the same weights on any number of threads."
          + " With --checkpoint the same command goes on where the last one was ended."
    },
    footer = {
      "%nExamples:",
      "  lanewise train lenet5 --data mnist --epochs 5 --out mine.safetensors",
      "  lanewise train resnet20 --data fashion --format fashion-mnist --epochs 12 \\",
      "      --augment crop:4,flip,erase:0.25 --schedule one-cycle --lr 0.2 \\",
      "      --log run --checkpoint run/checkpoint.safetensors",
      "  lanewise train resnet20 --data mnist --limit 500 --weights resnet20.safetensors \\",
      "      --leave-out 'fc.*' --rate 'layer*=0.1' --freeze-norms --out digits.safetensors"
    })
final class Train implements Callable<Integer> {

  private static final TrainOptions DEFAULTS = TrainOptions.defaults();

  @Spec private CommandSpec spec;

  @Mixin private ModelParameter model;

  @Mixin private DataOption data;

  @Option(
      names = "--limit",
      converter = Counts.class,
      paramLabel = "N",
      description = "Train on so many images only, drawn evenly from the classes.")
  private Integer limit;

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
      names = "--seed",
      paramLabel = "N",
      description = "Seed of weights, order and variation of images (default: ${DEFAULT-VALUE}).")
  private long seed = DEFAULTS.seed();

  @Option(
      names = "--augment",
      paramLabel = "STEPS",
      description =
          "How training images are varied (default: shift:2). Steps, joined by commas: "
              + Augmentation.FORMS
              + ".")
  private String augment;

  @ArgGroup(heading = "%nHow weights are changed:%n", exclusive = false)
  private UpdateOptions update = new UpdateOptions();

  @ArgGroup(heading = "%nGoing on from other weights:%n", exclusive = false)
  private TransferOptions transfer = new TransferOptions();

  @ArgGroup(heading = "%nWhat is written:%n", exclusive = false)
  private Output output = new Output();

  @Mixin private ThreadsOption threads;

  @Option(
      names = "--loaders",
      paramLabel = "N",
      description = "Threads that prepare images ahead (default: ${DEFAULT-VALUE}).")
  private int loaders = DEFAULTS.loaders();

  /** What is written. */
  static final class Output {
    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Where the weights go (default: MODEL.safetensors in this folder).")
    private Path out;

    @Option(
        names = "--checkpoint",
        paramLabel = "FILE",
        description =
            "Keep all that a training needs to go on, after each epoch; if the file is there, go"
                + " on from it, bit for bit as if never ended.")
    private Path checkpoint;

    @Option(
        names = "--checkpoint-steps",
        paramLabel = "N",
        converter = Counts.class,
        description = "Write it after so many steps too.")
    private Integer steps;

    @Option(
        names = "--log",
        paramLabel = "DIR",
        description = "Folder for log.csv and index.html, a page with curves and mistakes.")
    private Path log;

    TrainOptions.Files files(Path weights) {
      TrainOptions.Files files = TrainOptions.Files.NONE.weights(weights);
      if (checkpoint != null) {
        files = files.checkpoint(checkpoint, steps == null ? 0 : steps);
      }
      return log == null ? files : files.log(log);
    }
  }

  @Override
  public Integer call() throws IOException {
    Path file = output.out == null ? Path.of(model.name() + ".safetensors") : output.out;
    TrainOptions options = usage(() -> options(file));
    requireWritable(file);
    Dataset train = trainingSet(options);
    Dataset test = data.load(Split.TEST, model.name());
    PrintWriter writer = spec.commandLine().getOut();
    Network network = Models.create(model.name(), DataOption.options(model.name(), test));
    network.initialize(seed);
    usage(() -> transfer.load(network))
        .map(
            fit ->
                fit.complete() ? "all weights were loaded" : "not all weights were loaded: " + fit)
        .ifPresent(writer::println);
    Workers workers = threads.workers();
    Trainer trainer = usage(() -> new Trainer(network, options, workers));
    usage(
        () -> {
          trainer.check(train, test);
          return trainer;
        });
    try {
      trainer.run(
          train,
          test,
          report -> {
            writer.println(report);
            writer.flush();
          });
    } catch (ArithmeticException diverged) {
      throw new IllegalArgumentException(diverged.getMessage(), diverged);
    }
    if (!trainer.stopped()) {
      writer.println("the weights are in " + file);
    }
    return 0;
  }

  private TrainOptions options(Path file) {
    TrainOptions.Builder builder =
        DEFAULTS
            .with()
            .epochs(epochs)
            .batch(batch)
            .seed(seed)
            .loaders(loaders)
            .files(output.files(file));
    update.apply(builder);
    transfer.apply(builder);
    if (augment != null) {
      builder.augmentation(Augmentation.parse(augment));
    }
    return builder.build();
  }

  private Dataset trainingSet(TrainOptions options) throws IOException {
    boolean cropped =
        options.augmentation().steps().stream().anyMatch(ResizedCrop.class::isInstance);
    Dataset train = data.training(model.name(), cropped);
    return limit == null ? train : usage(() -> Subset.balanced(train, limit, seed));
  }

  /** Refuses files that could not be written, before hours are spent on what goes into them. */
  private void requireWritable(Path file) {
    try {
      AtomicFile.requireWritable(file);
      if (output.checkpoint != null) {
        AtomicFile.requireWritable(output.checkpoint);
      }
      if (output.log != null) {
        Files.createDirectories(output.log);
        AtomicFile.requireWritable(output.log.resolve("log.csv"));
      }
    } catch (IOException refused) {
      throw new ParameterException(spec.commandLine(), Mistakes.message(refused), refused);
    }
  }

  /** A step whose refusal is a mistake on the command line. */
  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T usage(Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }
}
