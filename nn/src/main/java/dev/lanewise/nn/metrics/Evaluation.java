package dev.lanewise.nn.metrics;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;

/**
 * A classifier's result over a data set.
 *
 * @param loss mean cross-entropy
 * @param confusion which class was taken for which
 */
public record Evaluation(double loss, ConfusionMatrix confusion) {

  private static final int BATCH = 250;

  /**
   * Runs a network over every sample.
   *
   * @throws IllegalArgumentException if the samples do not fit the network, or the set is empty
   */
  public static Evaluation of(Network network, Dataset data, Workers workers) {
    return of(network, data, Context.inference(workers));
  }

  /** Runs a network over every sample in a context that is kept for the next time. */
  public static Evaluation of(Network network, Dataset data, Context context) {
    Check.that(data.size() > 0, "there is no sample to evaluate %s on", network.name());
    Batches batches = new Batches(data, BATCH);
    ConfusionMatrix confusion = new ConfusionMatrix(data.classes());
    double loss = 0;
    for (int i = 0; i < batches.count(); i++) {
      context.recycle();
      Batches.Batch batch = batches.get(i, context);
      Tensor scores = network.forward(batch.input(), context);
      loss += CrossEntropy.of(scores, batch.labels(), context).item() * batch.labels().length;
      count(scores, batch.labels(), confusion);
    }
    return new Evaluation(loss / data.size(), confusion);
  }

  private static void count(Tensor scores, int[] labels, ConfusionMatrix confusion) {
    int classes = scores.dim(1);
    for (int row = 0; row < labels.length; row++) {
      int best = 0;
      for (int i = 1; i < classes; i++) {
        if (scores.data()[row * classes + i] > scores.data()[row * classes + best]) {
          best = i;
        }
      }
      confusion.add(labels[row], best);
    }
  }
}
