package dev.lanewise.nn.insight;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.insight.ImageClassifier.Objective;
import dev.lanewise.nn.op.Upsample;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gradient-weighted class activation mapping (Selvaraju et al. 2017): where a layer saw what speaks
 * for a class.
 *
 * <p>With A the maps of the layer and s the score of the class, each channel k weighs as much as
 * the mean of {@code ds / dA_k} over its pixels, and the map is {@code max(0, sum over k of
 * weight_k A_k)}.
 */
public final class GradCam {

  private GradCam() {}

  /**
   * The map in the size of the image, interpolated.
   *
   * @param image {@code [1, c, h, w]}, pixels from 0 to 1
   * @param label the class
   * @param layer full name of a layer that gives maps, such as {@code pool2}
   * @throws IllegalArgumentException if there is no such class or layer, or it gives no maps
   */
  public static HeatMap of(ImageClassifier classifier, Tensor image, int label, String layer) {
    HeatMap coarse = coarse(classifier, image, label, layer);
    float[] values = new float[coarse.values().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = coarse.values().get(i);
    }
    int height = image.dim(2);
    int width = image.dim(3);
    Tensor map = Tensor.of(values, 1, 1, coarse.height(), coarse.width());
    Context context = Context.inference(Workers.of(1));
    Tensor large = Upsample.apply(map, height, width, Upsample.Mode.BILINEAR, context);
    return HeatMap.of(large.values(), height, width);
  }

  /** The map in the size of the layer's output; throws as {@link #of}. */
  public static HeatMap coarse(ImageClassifier classifier, Tensor image, int label, String layer) {
    classifier.requireOne(image, label);
    classifier.layer(layer);
    AtomicReference<Tensor> found = new AtomicReference<>();
    classifier.gradient(
        image,
        Objective.scores(label),
        (name, output) -> {
          if (layer.equals(name)) {
            found.set(output.retain());
          }
        });
    Tensor maps = found.get();
    Check.that(maps != null, "layer %s takes no part in an answer", layer);
    Check.that(maps.rank() == 4, "layer %s gives %s, no maps [n, c, h, w]", layer, maps);
    return map(maps.values(), maps.gradValues(), maps.dim(1), maps.dim(2), maps.dim(3));
  }

  private static HeatMap map(float[] maps, float[] gradient, int channels, int height, int width) {
    int plane = height * width;
    double[] sums = new double[plane];
    for (int c = 0; c < channels && gradient != null; c++) {
      double weight = 0;
      for (int i = 0; i < plane; i++) {
        weight += gradient[c * plane + i];
      }
      weight /= plane;
      for (int i = 0; i < plane; i++) {
        sums[i] += weight * maps[c * plane + i];
      }
    }
    float[] values = new float[plane];
    for (int i = 0; i < plane; i++) {
      values[i] = (float) Math.max(0, sums[i]);
    }
    return HeatMap.of(values, height, width);
  }
}
