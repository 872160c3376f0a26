package dev.lanewise.nn.metrics;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.BatchQueue;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Loader;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A classifier's result over a data set.
 *
 * @param loss mean cross-entropy
 * @param confusion which class was taken for which
 * @param top5 the fraction of images whose class is among the five best answers
 * @param mistakes the wrong answers the network was surest of, at most {@value #MOST_MISTAKES}
 */
public record Evaluation(
    double loss, ConfusionMatrix confusion, double top5, List<Mistake> mistakes) {

  /** How many mistakes are kept. */
  public static final int MOST_MISTAKES = 40;

  private static final int TOP = 5;

  /** Floats of a batch's input, about. */
  private static final int BATCH_FLOATS = 1 << 20;

  private static final int LEAST_BATCH = 8;
  private static final int MOST_BATCH = 250;

  /**
   * An image that was taken for something else.
   *
   * @param index its number in the data set
   * @param actual its class
   * @param predicted the class that was answered
   * @param probability how sure the answer was
   */
  public record Mistake(int index, int actual, int predicted, double probability) {}

  /** Copies the mistakes. */
  public Evaluation {
    mistakes = List.copyOf(mistakes);
  }

  /**
   * Runs a network over every image.
   *
   * @throws IllegalArgumentException if the images do not fit the network, or there is none
   * @throws IOException if an image cannot be read
   */
  public static Evaluation of(Network network, Dataset data, Workers workers) throws IOException {
    return of(network, data, Context.inference(workers));
  }

  /** Runs a network over every image in a context that is kept for the next time. */
  public static Evaluation of(Network network, Dataset data, Context context) throws IOException {
    Check.that(data.size() > 0, "there is no image to evaluate %s on", network.name());
    int floats = Check.elements("input", network.inputShape());
    int batch = Math.clamp(BATCH_FLOATS / floats, LEAST_BATCH, MOST_BATCH);
    Loader loader = Loader.evaluation(data, batch, 1);
    ConfusionMatrix confusion = new ConfusionMatrix(data.classes());
    List<Mistake> mistakes = new ArrayList<>();
    double loss = 0;
    double top = 0;
    int done = 0;
    try (BatchQueue batches = loader.epoch(0)) {
      while (batches.hasNext()) {
        context.recycle();
        Batch next = batches.next();
        int[] labels = next.labels().first();
        Tensor scores = network.forward(next.input(), context);
        loss += CrossEntropy.of(scores, labels, context).item() * labels.length;
        top += TopK.accuracy(scores, labels, TOP) * labels.length;
        count(scores, labels, done, confusion, mistakes);
        done += labels.length;
      }
    }
    return new Evaluation(loss / data.size(), confusion, top / data.size(), worst(mistakes));
  }

  private static void count(
      Tensor scores, int[] labels, int first, ConfusionMatrix confusion, List<Mistake> mistakes) {
    int classes = scores.dim(1);
    float[] probabilities = CrossEntropy.probabilities(scores);
    for (int row = 0; row < labels.length; row++) {
      int best = 0;
      for (int i = 1; i < classes; i++) {
        if (scores.data()[row * classes + i] > scores.data()[row * classes + best]) {
          best = i;
        }
      }
      confusion.add(labels[row], best);
      if (best != labels[row]) {
        double probability = probabilities[row * classes + best];
        mistakes.add(new Mistake(first + row, labels[row], best, probability));
      }
    }
  }

  private static List<Mistake> worst(List<Mistake> mistakes) {
    return mistakes.stream()
        .sorted(Comparator.comparingDouble(Mistake::probability).reversed())
        .limit(MOST_MISTAKES)
        .toList();
  }
}
