package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.Labels;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/**
 * Hands out a data set in batches, epoch after epoch, prepared by threads of its own ahead of their
 * use; the last batch of an epoch may be smaller.
 *
 * <p>The order of an epoch and what happens to an image depend on the seed, the epoch and the
 * image's number alone: the batches have the same bits for any number of threads, and an epoch can
 * be begun anywhere.
 */
public final class Loader {

  /** More than any machine has use for; a larger number is a mistake. */
  private static final int MOST_THREADS = 256;

  /** What a random number is for: the order of an epoch, an image of it, a batch of it. */
  private static final int ORDER = 0;

  private static final int IMAGE = 1;
  private static final int BATCH = 2;

  private final Dataset data;
  private final int batch;
  private final int threads;
  private final boolean shuffled;
  private final Augmentation augmentation;
  private final long seed;

  private Loader(
      Dataset data,
      int batch,
      int threads,
      boolean shuffled,
      Augmentation augmentation,
      long seed) {
    this.data = data;
    this.batch = Check.positive("batch", batch);
    Check.that(
        threads >= 0 && threads <= MOST_THREADS,
        "loader threads must be 0 to %d, are %d",
        MOST_THREADS,
        threads);
    this.threads = threads;
    this.shuffled = shuffled;
    this.augmentation = augmentation;
    this.seed = seed;
    Check.that(data.size() > 0, "the data set holds no image");
  }

  /**
   * Shuffled and varied, for training.
   *
   * @param threads how many prepare batches; with 0 the caller does
   * @throws IllegalArgumentException if the set is empty, the batch below 1 or the threads negative
   */
  public static Loader training(
      Dataset data, int batch, Augmentation augmentation, long seed, int threads) {
    return new Loader(data, batch, threads, true, augmentation, seed);
  }

  /** In order and as they are, for evaluation; throws as {@link #training}. */
  public static Loader evaluation(Dataset data, int batch, int threads) {
    return new Loader(data, batch, threads, false, Augmentation.NONE, 0);
  }

  /** The number of batches of an epoch. */
  public int steps() {
    return Math.ceilDiv(data.size(), batch);
  }

  /** The batches of an epoch, from its first. */
  public BatchQueue epoch(int epoch) {
    return epoch(epoch, 0);
  }

  /**
   * The batches of an epoch from one of them on.
   *
   * @param epoch which epoch, any number
   * @param first the number of the first batch to be handed out, from 0
   * @throws IllegalArgumentException if there is no such batch
   */
  public BatchQueue epoch(int epoch, int first) {
    Check.that(first >= 0 && first <= steps(), "batch %d is not one of %d", first, steps());
    int[] order = order(epoch);
    return new BatchQueue(first, steps(), threads, (step, slot) -> fill(epoch, step, order, slot));
  }

  /** The images of an epoch in their order (Fisher and Yates). */
  private int[] order(int epoch) {
    int[] order = new int[data.size()];
    Arrays.setAll(order, i -> i);
    if (shuffled) {
      Random random = Draws.of(seed, ORDER, epoch);
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }
    return order;
  }

  /** Prepares one batch. */
  private Batch fill(int epoch, int step, int[] order, BatchQueue.Slot slot) throws IOException {
    int start = step * batch;
    int count = Math.min(batch, order.length - start);
    int[] labels = new int[count];
    Image image = slot.image();
    float[] inputs = null;
    int[] shape = null;
    for (int i = 0; i < count; i++) {
      int index = order[start + i];
      labels[i] = data.label(index);
      prepare(epoch, index, image);
      if (inputs == null) {
        shape = new int[] {count, image.channels(), image.height(), image.width()};
        inputs = slot.array(Check.elements("batch", shape));
      }
      requireShape(image, shape, index);
      data.normalization().write(image, inputs, i * image.size());
    }
    Labels mixed = mix(inputs, labels, shape, Draws.of(seed, BATCH, epoch, step));
    return new Batch(Tensor.of(inputs, shape), mixed);
  }

  private void prepare(int epoch, int index, Image image) throws IOException {
    data.read(index, image);
    if (!augmentation.steps().isEmpty()) {
      Random random = Draws.of(seed, IMAGE, epoch, index);
      for (Augment step : augmentation.steps()) {
        step.apply(image, random);
      }
    }
  }

  private Labels mix(float[] inputs, int[] labels, int[] shape, Random random) {
    return augmentation
        .mix()
        .map(mix -> mix.apply(inputs, labels, shape[1], shape[2], shape[3], random))
        .orElseGet(() -> Labels.of(labels));
  }

  private static void requireShape(Image image, int[] shape, int index) {
    Check.that(
        image.channels() == shape[1] && image.height() == shape[2] && image.width() == shape[3],
        "image %d is %s, the first of its batch %s; a step that crops or resizes must bring all to"
            + " one size",
        index,
        image.shape(),
        Tensor.text(shape[1], shape[2], shape[3]));
  }
}
