package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.report.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an image loses when part of it is covered: a square patch is moved over it, and the map is
 * how much the probability of a class falls, a mean over the patches that cover a pixel (Zeiler and
 * Fergus 2014). Below zero the patch covers what spoke against the class.
 *
 * @param size side of the patch in pixels
 * @param stride pixels from one place of the patch to the next; the last places end at the border
 * @param fill what covers the pixels, from 0 to 1; none for the mean of each channel as the
 *     normalisation has it
 */
public record Occlusion(int size, int stride, Optional<Float> fill) {

  private static final int BATCH = 32;

  /** Grey, where the normalisation knows no mean. */
  private static final float GREY = 0.5f;

  /** Validates the numbers. */
  public Occlusion {
    Check.positive("size of the patch", size);
    Check.that(
        stride >= 1 && stride <= size,
        "the stride of a patch of %d pixels must be from 1 to that, is %d",
        size,
        stride);
  }

  /** A patch of a size that moves by half of it and is filled with the mean. */
  public static Occlusion of(int size) {
    return new Occlusion(size, Math.max(1, size / 2), Optional.empty());
  }

  /** A patch for images of a height and width: a sixth of the shorter side. */
  public static Occlusion usual(int height, int width) {
    return of(Math.max(1, Math.round(Math.min(height, width) / 6f)));
  }

  private record Place(int row, int column) {}

  /**
   * The map of an image.
   *
   * @param image {@code [1, c, h, w]}, pixels from 0 to 1
   * @throws IllegalArgumentException if there is no such class, or the patch is larger than the
   *     image
   */
  public HeatMap map(ImageClassifier classifier, Tensor image, int label) {
    classifier.requireOne(image, label);
    int height = image.dim(2);
    int width = image.dim(3);
    Check.that(
        size <= Math.min(height, width),
        "a patch of %d pixels is larger than the image, %d x %d",
        size,
        height,
        width);
    float whole = classifier.probabilities(image)[label];
    double[] falls = new double[height * width];
    int[] counts = new int[height * width];
    List<Place> places = places(height, width);
    try (Progress bar = Progress.of("occlusion", places.size())) {
      for (int from = 0; from < places.size(); from += BATCH) {
        List<Place> some = places.subList(from, Math.min(from + BATCH, places.size()));
        float[] probabilities = classifier.probabilities(covered(classifier, image, some));
        int classes = probabilities.length / some.size();
        for (int i = 0; i < some.size(); i++) {
          add(some.get(i), whole - probabilities[i * classes + label], falls, counts, width);
          bar.step(() -> "");
        }
      }
    }
    float[] means = new float[falls.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (falls[i] / counts[i]);
    }
    return HeatMap.of(means, height, width);
  }

  private List<Place> places(int height, int width) {
    List<Place> places = new ArrayList<>();
    for (int row : starts(height)) {
      for (int column : starts(width)) {
        places.add(new Place(row, column));
      }
    }
    return places;
  }

  /** Where the patch begins along one side. */
  private List<Integer> starts(int side) {
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start < side - size; start += stride) {
      starts.add(start);
    }
    starts.add(side - size);
    return starts;
  }

  /** Copies of the image, each covered at one place. */
  private Tensor covered(ImageClassifier classifier, Tensor image, List<Place> places) {
    int channels = image.dim(1);
    int height = image.dim(2);
    int width = image.dim(3);
    float[] copies = new float[places.size() * image.size()];
    for (int i = 0; i < places.size(); i++) {
      System.arraycopy(image.data(), 0, copies, i * image.size(), image.size());
      Place place = places.get(i);
      for (int c = 0; c < channels; c++) {
        float cover = cover(classifier, c);
        for (int row = place.row; row < place.row + size; row++) {
          int start = ((i * channels + c) * height + row) * width + place.column;
          Arrays.fill(copies, start, start + size, cover);
        }
      }
    }
    return Tensor.of(copies, places.size(), channels, height, width);
  }

  private float cover(ImageClassifier classifier, int channel) {
    List<Float> means = classifier.normalization().mean();
    return fill.orElseGet(() -> means.isEmpty() ? GREY : means.get(channel));
  }

  private void add(Place place, float fall, double[] falls, int[] counts, int width) {
    for (int row = place.row; row < place.row + size; row++) {
      for (int column = place.column; column < place.column + size; column++) {
        falls[row * width + column] += fall;
        counts[row * width + column]++;
      }
    }
  }
}
