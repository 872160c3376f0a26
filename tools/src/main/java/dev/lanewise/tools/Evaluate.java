package dev.lanewise.tools;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.metrics.ConfusionMatrix;
import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanewise evaluate}: how well a trained model does on a test set. */
@Command(
    name = "evaluate",
    description = {
      "Evaluate a model on the test part of a data set: accuracy, top 5, precision, recall, F1"
          + " and the confusion matrix."
    },
    footer = {"%nExample:", "  lanewise evaluate lenet5 --data mnist"})
final class Evaluate implements Callable<Integer> {

  /** The confusion matrix of more classes than this is left out. */
  private static final int MOST_CLASSES = 20;

  @Spec private CommandSpec spec;

  @Mixin private ModelParameter model;

  @Mixin private DataOption data;

  @Mixin private WeightsOption weights;

  @Mixin private ThreadsOption threads;

  @Override
  public Integer call() throws IOException {
    Dataset test = data.load(Split.TEST, model.name());
    Network network = weights.load(model.name(), DataOption.options(model.name(), test));
    Evaluation result = Evaluation.of(network, test, threads.workers());
    PrintWriter out = spec.commandLine().getOut();
    if (test.classes().size() <= MOST_CLASSES) {
      out.print(result.confusion().table());
      out.println();
    }
    out.printf(
        "%,d images, loss %.4f, %s, top 5 %s%n",
        test.size(), result.loss(), result.confusion(), ConfusionMatrix.percent(result.top5()));
    return 0;
  }
}
