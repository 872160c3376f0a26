package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.BatchQueue;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Loader;
import dev.lanewise.nn.report.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How many images a classifier still answers right while an adversary changes them, by how much it
 * may.
 *
 * @param images how many were tried
 * @param points a figure for each epsilon, in the order asked for
 * @param samples the first images and what became of them
 */
public record Robustness(int images, List<Point> points, List<Sample> samples) {

  private static final int MOST_SAMPLES = 10;

  /** Floats of a batch's input, about. */
  private static final int BATCH_FLOATS = 1 << 18;

  private static final int MOST_BATCH = 250;

  /**
   * What one epsilon came to.
   *
   * @param epsilon the most that a pixel may change, of its range from 0 to 1
   * @param accuracy fraction of the images answered right
   * @param loss the mean cross-entropy
   */
  public record Point(float epsilon, double accuracy, double loss) {}

  /**
   * An image with one of its changes.
   *
   * @param index its number in the data set
   * @param label what it is
   * @param epsilon how far pixels were moved at most
   * @param answer what it was taken for
   * @param image {@code [1, c, h, w]}, pixels from 0 to 1
   */
  public record Sample(int index, int label, float epsilon, int answer, Tensor image) {}

  /** Copies the lists. */
  public Robustness {
    points = List.copyOf(points);
    samples = List.copyOf(samples);
  }

  /**
   * Attacks every image of a data set with every epsilon.
   *
   * @param stopped whether to stop after the batch at hand, with figures of the images so far
   * @throws IllegalArgumentException if the set is empty, there is no epsilon or one lies outside 0
   *     to 1, or the images do not fit
   * @throws IOException if an image cannot be read
   */
  public static Robustness of(
      ImageClassifier classifier,
      Adversary adversary,
      Dataset data,
      List<Float> epsilons,
      BooleanSupplier stopped)
      throws IOException {
    Check.that(data.size() > 0, "there is no image to attack");
    Check.that(!epsilons.isEmpty(), "there is no epsilon to attack with");
    epsilons.forEach(Adversary::requireEpsilon);
    int floats = Check.elements("input", classifier.network().inputShape());
    int batch = Math.clamp(BATCH_FLOATS / floats, 1, MOST_BATCH);
    Loader loader = Loader.evaluation(new Pixels(data), batch, 1);
    int[] right = new int[epsilons.size()];
    double[] losses = new double[epsilons.size()];
    List<Sample> samples = new ArrayList<>();
    int done = 0;
    try (BatchQueue batches = loader.epoch(0);
        Progress bar = Progress.of("attack", (long) loader.steps() * epsilons.size())) {
      while (batches.hasNext() && !stopped.getAsBoolean()) {
        Batch next = batches.next();
        int[] labels = next.labels().first();
        for (int e = 0; e < epsilons.size(); e++) {
          float epsilon = epsilons.get(e);
          Tensor changed = adversary.perturb(classifier, next.input(), labels, epsilon);
          Tensor scores = classifier.scores(changed);
          int[] answers = ImageClassifier.best(scores);
          losses[e] += ImageClassifier.loss(scores, labels) * labels.length;
          for (int i = 0; i < labels.length; i++) {
            right[e] += answers[i] == labels[i] ? 1 : 0;
            if (done + i < MOST_SAMPLES) {
              samples.add(new Sample(done + i, labels[i], epsilon, answers[i], image(changed, i)));
            }
          }
          bar.step(() -> "");
        }
        done += labels.length;
      }
    }
    Check.that(done > 0, "the attack was stopped before its first images were through");
    List<Point> points = new ArrayList<>();
    for (int e = 0; e < epsilons.size(); e++) {
      points.add(new Point(epsilons.get(e), right[e] / (double) done, losses[e] / done));
    }
    return new Robustness(done, points, samples);
  }

  private static Tensor image(Tensor images, int index) {
    int length = images.size() / images.dim(0);
    float[] own = Arrays.copyOfRange(images.data(), index * length, (index + 1) * length);
    return Tensor.of(own, 1, images.dim(1), images.dim(2), images.dim(3));
  }
}
