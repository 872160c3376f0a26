package dev.lanewise.tools;

import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lanewise evaluate}: how well a trained model does on a test set. */
@Command(
    name = "evaluate",
    description = {
      "Evaluate a model on the test set of MNIST or Fashion-MNIST: accuracy, precision, recall, F1"
          + " and the confusion matrix."
    },
    footer = {"%nExample:", "  lanewise evaluate lenet5 --data mnist"})
final class Evaluate implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelParameter model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the IDX files of the test set, plain or gzipped.")
  private Path data;

  @Mixin private WeightsOption weights;

  @Mixin private ThreadsOption threads;

  @Override
  public Integer call() throws IOException {
    MnistData test = MnistData.load(data, Split.TEST);
    Network network = weights.load(model.name());
    Evaluation result = Evaluation.of(network, test, threads.workers());
    PrintWriter out = spec.commandLine().getOut();
    out.print(result.confusion().table());
    out.println();
    out.printf("%,d images, loss %.4f, %s%n", test.size(), result.loss(), result.confusion());
    return 0;
  }
}
