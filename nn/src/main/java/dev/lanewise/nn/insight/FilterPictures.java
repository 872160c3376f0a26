package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.report.Picture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures of a convolution's filters. Zero is the middle of the scale, and the weight of greatest
 * absolute value in the layer is black or white, so that filters can be compared.
 */
public final class FilterPictures {

  private FilterPictures() {}

  /**
   * The filters of a layer, {@code [out, in, height, width]}.
   *
   * @throws IllegalArgumentException if it has no filters of two dimensions
   */
  public static Tensor weights(ImageClassifier classifier, String layer) {
    Layer found = classifier.layer(layer);
    Tensor weight = found.parameters().get("weight");
    Check.that(
        weight != null && weight.rank() == 4,
        "layer %s is no convolution in two dimensions; those are %s",
        layer,
        String.join(", ", convolutions(classifier)));
    return weight;
  }

  /** The full names of the layers that have filters of two dimensions, in order. */
  public static List<String> convolutions(ImageClassifier classifier) {
    List<String> names = new ArrayList<>();
    classifier
        .network()
        .leaves()
        .forEach(
            (name, layer) -> {
              Tensor weight = layer.parameters().get("weight");
              if (weight != null && weight.rank() == 4) {
                names.add(name);
              }
            });
    return names;
  }

  /**
   * A picture of each filter: of three input channels in red, green and blue, of one in grey, of
   * others the channels one after the other in a grid that is about square.
   *
   * @param weights {@code [out, in, height, width]}
   * @param mostFilters how many filters at most
   * @param mostChannels how many channels of a filter at most
   */
  public static List<BufferedImage> of(Tensor weights, int mostFilters, int mostChannels) {
    float[] values = weights.values();
    float greatest = 0;
    for (float value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    float[] shades = new float[values.length];
    for (int i = 0; i < shades.length; i++) {
      shades[i] = greatest == 0 ? 0.5f : 0.5f + values[i] / (2 * greatest);
    }
    int channels = weights.dim(1);
    int height = weights.dim(2);
    int width = weights.dim(3);
    int plane = height * width;
    List<BufferedImage> pictures = new ArrayList<>();
    for (int filter = 0; filter < Math.min(mostFilters, weights.dim(0)); filter++) {
      int from = filter * channels * plane;
      if (channels == 3) {
        pictures.add(picture(shades, from, 3, height, width));
      } else {
        List<BufferedImage> slices = new ArrayList<>();
        for (int c = 0; c < Math.min(mostChannels, channels); c++) {
          slices.add(picture(shades, from + c * plane, 1, height, width));
        }
        pictures.add(Picture.grid(slices, (int) Math.ceil(Math.sqrt(slices.size()))));
      }
    }
    return pictures;
  }

  private static BufferedImage picture(
      float[] shades, int from, int channels, int height, int width) {
    float[] own = new float[channels * height * width];
    System.arraycopy(shades, from, own, 0, own.length);
    return Picture.of(own, channels, height, width);
  }
}
