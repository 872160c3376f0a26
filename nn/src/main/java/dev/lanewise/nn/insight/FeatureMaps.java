package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.report.Picture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** What the channels of a layer show of an image: its activation maps. */
public final class FeatureMaps {

  private FeatureMaps() {}

  /**
   * The output of a layer, {@code [1, channels, height, width]}, row-major.
   *
   * @param image {@code [1, c, h, w]}, pixels from 0 to 1
   * @param layer its full name, such as {@code conv1} or {@code layer1.0}
   * @throws IllegalArgumentException if there is no such layer, or it gives no maps
   */
  public static Tensor of(ImageClassifier classifier, Tensor image, String layer) {
    classifier.layer(layer);
    AtomicReference<Tensor> found = new AtomicReference<>();
    classifier.watch(
        image,
        (name, output) -> {
          if (layer.equals(name)) {
            found.set(Tensor.of(output.values(), output.shape()));
          }
        });
    Tensor maps = found.get();
    Check.that(maps != null, "layer %s takes no part in an answer", layer);
    Check.that(
        maps.rank() == 4,
        "layer %s gives %s, no maps [n, c, h, w]; those that do are %s",
        layer,
        Tensor.text(maps.shape()),
        String.join(", ", layers(classifier, image).keySet()));
    return maps;
  }

  /** The layers that give maps of more than one pixel, with their outputs' shapes, in order. */
  public static Map<String, List<Integer>> layers(ImageClassifier classifier, Tensor image) {
    Map<String, List<Integer>> layers = new LinkedHashMap<>();
    classifier.watch(
        image,
        (name, output) -> {
          if (ImageClassifier.isMap(output)) {
            layers.put(name, List.of(1, output.dim(1), output.dim(2), output.dim(3)));
          }
        });
    return layers;
  }

  /**
   * A picture of each channel, from black for the least value of the whole layer to white for its
   * greatest: channels that see nothing stay dark.
   *
   * @param maps {@code [1, channels, height, width]}, row-major
   * @param most how many channels at most
   */
  public static List<BufferedImage> pictures(Tensor maps, int most) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : maps.data()) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    float range = high > low ? high - low : 1;
    int plane = maps.dim(2) * maps.dim(3);
    List<BufferedImage> pictures = new ArrayList<>();
    for (int c = 0; c < Math.min(most, maps.dim(1)); c++) {
      float[] channel = new float[plane];
      for (int i = 0; i < plane; i++) {
        channel[i] = (maps.data()[c * plane + i] - low) / range;
      }
      pictures.add(Picture.of(channel, 1, maps.dim(2), maps.dim(3)));
    }
    return pictures;
  }
}
