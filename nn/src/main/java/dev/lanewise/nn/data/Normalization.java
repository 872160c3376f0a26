package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import java.util.List;

/**
 * Brings each channel to mean 0 and deviation 1: {@code (x - mean) / deviation}.
 *
 * @param mean of each channel over a training set; none to leave images as they are
 * @param deviation of each channel
 */
public record Normalization(List<Float> mean, List<Float> deviation) {

  /** Leaves images as they are. */
  public static final Normalization NONE = new Normalization(List.of(), List.of());

  /** The figures of ImageNet that published weights expect. */
  public static final Normalization IMAGENET =
      new Normalization(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));

  /**
   * Validates the figures.
   *
   * @throws IllegalArgumentException if there is not one of each a channel, or a deviation is not
   *     above 0
   */
  public Normalization {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    Check.that(
        mean.size() == deviation.size(),
        "each channel needs a mean and a deviation, there are %d and %d",
        mean.size(),
        deviation.size());
    Check.that(
        deviation.stream().allMatch(value -> value > 0),
        "deviations must be above 0, are %s",
        deviation);
  }

  /** The deviation of a channel, which a change of a pixel is divided by. */
  public float deviation(int channel) {
    return deviation.isEmpty() ? 1 : deviation.get(channel);
  }

  /**
   * A batch of images, normalised.
   *
   * @param images {@code [n, channels, height, width]}, row-major
   * @throws IllegalArgumentException if the images have another number of channels
   */
  public Tensor apply(Tensor images) {
    int[] shape = images.shape();
    float[] out = new float[images.size()];
    int image = out.length / shape[0];
    for (int i = 0; i < shape[0]; i++) {
      write(images.data(), i * image, out, i * image, shape[1], image / shape[1]);
    }
    return Tensor.of(out, shape);
  }

  /** Writes an image, normalised; throws as {@link #apply}. */
  void write(Image image, float[] target, int offset) {
    int plane = image.height() * image.width();
    write(image.data(), 0, target, offset, image.channels(), plane);
  }

  private void write(float[] in, int from, float[] target, int to, int channels, int plane) {
    if (mean.isEmpty()) {
      System.arraycopy(in, from, target, to, channels * plane);
      return;
    }
    Check.that(
        channels == mean.size(),
        "an image of %d channels is normalised by the figures of %d",
        channels,
        mean.size());
    for (int c = 0; c < channels; c++) {
      int at = c * plane;
      normalise(in, from + at, target, to + at, plane, mean.get(c), deviation.get(c));
    }
  }

  private static void normalise(
      float[] in, int from, float[] out, int to, int length, float mean, float deviation) {
    for (int i = 0; i < length; i++) {
      out[to + i] = (in[from + i] - mean) / deviation;
    }
  }
}
