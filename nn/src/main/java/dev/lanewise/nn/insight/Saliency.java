package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.insight.ImageClassifier.Objective;
import java.util.Arrays;
import java.util.Random;

/**
 * How much the score of a class changes with each pixel: the greatest absolute derivative over the
 * channels of the pixel (Simonyan, Vedaldi and Zisserman 2014).
 */
public final class Saliency {

  private static final int BATCH = 16;

  private Saliency() {}

  /**
   * The map of an image.
   *
   * @param image {@code [1, c, h, w]}, pixels from 0 to 1
   * @throws IllegalArgumentException if there is no such class, or the image does not fit
   */
  public static HeatMap of(ImageClassifier classifier, Tensor image, int label) {
    classifier.requireOne(image, label);
    float[] gradient = classifier.gradient(image, Objective.scores(label));
    return map(gradient, image.dim(1), image.dim(2), image.dim(3));
  }

  /**
   * The map of the mean gradient of noisy copies of an image, which is less speckled: SmoothGrad
   * (Smilkov et al. 2017).
   *
   * @param samples how many copies
   * @param deviation of the noise, which is Gaussian, in units of pixels
   * @param seed of the noise
   * @throws IllegalArgumentException as {@link #of}, or if there is no sample or the deviation is
   *     negative
   */
  public static HeatMap smooth(
      ImageClassifier classifier,
      Tensor image,
      int label,
      int samples,
      float deviation,
      long seed) {
    classifier.requireOne(image, label);
    Check.positive("samples", samples);
    Check.that(deviation >= 0, "the deviation of noise must not be negative, is %s", deviation);
    Random random = new Random(seed);
    int pixels = image.size();
    double[] sums = new double[pixels];
    for (int done = 0; done < samples; done += BATCH) {
      int count = Math.min(BATCH, samples - done);
      float[] noisy = new float[count * pixels];
      for (int i = 0; i < noisy.length; i++) {
        noisy[i] = image.data()[i % pixels] + deviation * (float) random.nextGaussian();
      }
      Tensor batch = Tensor.of(noisy, count, image.dim(1), image.dim(2), image.dim(3));
      int[] labels = new int[count];
      Arrays.fill(labels, label);
      float[] gradients = classifier.gradient(batch, Objective.scores(labels));
      for (int i = 0; i < gradients.length; i++) {
        sums[i % pixels] += gradients[i];
      }
    }
    float[] mean = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      mean[i] = (float) (sums[i] / samples);
    }
    return map(mean, image.dim(1), image.dim(2), image.dim(3));
  }

  private static HeatMap map(float[] gradient, int channels, int height, int width) {
    int plane = height * width;
    float[] greatest = new float[plane];
    for (int i = 0; i < channels * plane; i++) {
      greatest[i % plane] = Math.max(greatest[i % plane], Math.abs(gradient[i]));
    }
    return HeatMap.of(greatest, height, width);
  }
}
