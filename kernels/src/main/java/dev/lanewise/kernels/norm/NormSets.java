package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.layout.Layout;
import java.util.Arrays;

/**
 * Which values are normalised together, and how the sums of pieces become their statistics and the
 * coefficients of each channel of each image. All of it is done in double precision, in one order.
 */
final class NormSets {

  /** Pixels of a piece: 16 kB, half a first-level cache. */
  static final int PIECE = 256;

  private final int images;
  private final int channels;
  private final int blocks;
  private final int pixels;
  private final int pieces;
  private final int groups;
  private final boolean acrossImages;

  NormSets(int[] dims, int groups, boolean acrossImages) {
    images = dims[0];
    channels = dims[1];
    blocks = Layout.blocks(channels);
    pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    pieces = Math.ceilDiv(pixels, PIECE);
    this.groups = groups;
    this.acrossImages = acrossImages;
  }

  int count() {
    return acrossImages ? groups : images * groups;
  }

  int channels() {
    return channels;
  }

  int valuesEach() {
    return (acrossImages ? images : 1) * (channels / groups) * pixels;
  }

  /** Pieces of all planes. */
  int units() {
    return images * blocks * pieces;
  }

  /** Channels of all images, padding included. */
  int lanes() {
    return images * blocks * Layout.BLOCK;
  }

  int plane(int unit) {
    return unit / pieces;
  }

  /** Where a piece begins, in floats. */
  int from(int unit) {
    return (plane(unit) * pixels + unit % pieces * PIECE) * Layout.BLOCK;
  }

  int pixels(int unit) {
    return pieceSize(unit % pieces);
  }

  private int pieceSize(int piece) {
    return Math.min(PIECE, pixels - piece * PIECE);
  }

  private int firstImage(int set) {
    return acrossImages ? 0 : set / groups;
  }

  private int endImage(int set) {
    return acrossImages ? images : set / groups + 1;
  }

  private int firstChannel(int set) {
    return set % groups * (channels / groups);
  }

  private int endChannel(int set) {
    return firstChannel(set) + channels / groups;
  }

  /** Where a channel's coefficients lie. */
  private int lane(int image, int channel) {
    return image * blocks * Layout.BLOCK + channel;
  }

  /** Where the first of a piece's two numbers for a channel lies; the second is a block later. */
  private int partial(int image, int channel, int piece) {
    int plane = image * blocks + channel / Layout.BLOCK;
    return (plane * pieces + piece) * 2 * Layout.BLOCK + channel % Layout.BLOCK;
  }

  /** Combines the means and squared deviations of pieces. */
  void combine(float[] moments, Statistics statistics) {
    for (int set = 0; set < count(); set++) {
      double sum = 0;
      for (int n = firstImage(set); n < endImage(set); n++) {
        for (int c = firstChannel(set); c < endChannel(set); c++) {
          for (int p = 0; p < pieces; p++) {
            sum += (double) pieceSize(p) * moments[partial(n, c, p)];
          }
        }
      }
      double mean = sum / valuesEach();
      double squares = 0;
      for (int n = firstImage(set); n < endImage(set); n++) {
        for (int c = firstChannel(set); c < endChannel(set); c++) {
          for (int p = 0; p < pieces; p++) {
            int at = partial(n, c, p);
            double distance = moments[at] - mean;
            squares += moments[at + Layout.BLOCK] + pieceSize(p) * distance * distance;
          }
        }
      }
      statistics.mean()[set] = (float) mean;
      statistics.variance()[set] = (float) (squares / valuesEach());
    }
  }

  /** The coefficients of {@code (x - centre) * scale + shift}. */
  void coefficients(
      Statistics statistics, float[] gamma, float[] beta, float epsilon, NormCall call) {
    centres(statistics, call);
    for (int set = 0; set < count(); set++) {
      double inverse = inverse(statistics, set, epsilon);
      for (int n = firstImage(set); n < endImage(set); n++) {
        for (int c = firstChannel(set); c < endChannel(set); c++) {
          call.scale[lane(n, c)] = (float) (gamma[c] * inverse);
          call.shift[lane(n, c)] = beta[c];
        }
      }
    }
  }

  void centres(Statistics statistics, NormCall call) {
    for (int set = 0; set < count(); set++) {
      for (int n = firstImage(set); n < endImage(set); n++) {
        Arrays.fill(
            call.centre,
            lane(n, firstChannel(set)),
            lane(n, endChannel(set)),
            statistics.mean()[set]);
      }
    }
  }

  /**
   * From the sums of dy and of {@code dy (x - centre)} in pieces, the gradients of gamma and beta,
   * and the coefficients of {@code dx = dy * scale + (x - centre) * slope + shift}.
   *
   * <p>With {@code i = 1 / sqrt(variance + epsilon)}, N values in a set and sums over it: {@code dx
   * = i gamma dy - i / N sum(gamma dy) - i^3 / N (x - mean) sum(gamma dy (x - mean))}. Of fixed
   * statistics, only the first term is left.
   */
  void gradients(
      Statistics statistics,
      boolean fixed,
      float[] gamma,
      float epsilon,
      NormCall call,
      float[] dGamma,
      float[] dBeta) {
    double[] gammaSums = call.gammaSums;
    double[] betaSums = call.betaSums;
    Arrays.fill(gammaSums, 0);
    Arrays.fill(betaSums, 0);
    for (int set = 0; set < count(); set++) {
      double inverse = inverse(statistics, set, epsilon);
      double scaled = 0;
      double weighted = 0;
      for (int n = firstImage(set); n < endImage(set); n++) {
        for (int c = firstChannel(set); c < endChannel(set); c++) {
          double plainHere = 0;
          double weightedHere = 0;
          for (int p = 0; p < pieces; p++) {
            int at = partial(n, c, p);
            plainHere += call.partial[at];
            weightedHere += call.partial[at + Layout.BLOCK];
          }
          betaSums[c] += plainHere;
          gammaSums[c] += weightedHere * inverse;
          scaled += (float) (gamma[c] * inverse) * plainHere;
          weighted += gamma[c] * weightedHere;
        }
      }
      float slope = fixed ? 0 : (float) (-inverse * inverse * inverse * weighted / valuesEach());
      float shift = fixed ? 0 : (float) (-scaled / valuesEach());
      for (int n = firstImage(set); n < endImage(set); n++) {
        for (int c = firstChannel(set); c < endChannel(set); c++) {
          call.scale[lane(n, c)] = (float) (gamma[c] * inverse);
          call.slope[lane(n, c)] = slope;
          call.shift[lane(n, c)] = shift;
        }
      }
    }
    for (int c = 0; c < channels; c++) {
      dGamma[c] = (float) gammaSums[c];
      dBeta[c] = (float) betaSums[c];
    }
  }

  private static double inverse(Statistics statistics, int set, float epsilon) {
    return 1 / Math.sqrt((double) statistics.variance()[set] + epsilon);
  }
}
