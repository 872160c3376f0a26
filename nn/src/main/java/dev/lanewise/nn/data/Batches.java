package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Hands out a data set in batches, in file order or shuffled; the last batch may be smaller. */
public final class Batches {

  /**
   * Some samples together.
   *
   * @param input {@code [n, channels, height, width]}, valid until its context is recycled
   * @param labels their classes
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Batch(Tensor input, int[] labels) {}

  private final Dataset data;
  private final int batch;
  private final int[] order;

  /** Batches of so many samples. */
  public Batches(Dataset data, int batch) {
    this.data = data;
    this.batch = Check.positive("batch", batch);
    order = new int[data.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /** The number of batches. */
  public int count() {
    return Math.ceilDiv(order.length, batch);
  }

  /** Puts the samples in a random order (Fisher and Yates). */
  public void shuffle(Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /**
   * One batch as it is.
   *
   * @throws IllegalArgumentException if there is no batch of that number
   */
  public Batch get(int index, Context context) {
    return get(index, context, new Shift(0), new Random(0));
  }

  /**
   * One batch with every image varied.
   *
   * @throws IllegalArgumentException if there is no batch of that number
   */
  public Batch get(int index, Context context, Shift shift, Random random) {
    Check.that(index >= 0 && index < count(), "batch %d is not one of %d batches", index, count());
    int start = index * batch;
    int[] samples = Arrays.copyOfRange(order, start, start + Math.min(order.length - start, batch));
    int length = data.sampleLength();
    float[] input = context.buffer(samples.length * length);
    List<Integer> shape = data.sampleShape();
    int channels = shape.get(0);
    int height = shape.get(1);
    int width = shape.get(2);
    float[] spare = context.buffer(height * width);
    int[] labels = new int[samples.length];
    for (int i = 0; i < samples.length; i++) {
      labels[i] = data.label(samples[i]);
      data.copy(samples[i], input, i * length);
      shift.apply(input, i * length, channels, height, width, spare, random);
    }
    return new Batch(Tensor.of(input, samples.length, channels, height, width), labels);
  }
}
