package dev.lanewise.kernels.transposed;

import java.util.List;

/**
 * Cuts the work of a batch into shares of equal cost. Work is ordered (image, band, output group,
 * piece of a row); a piece belongs to the share in which it begins. All places are sums of
 * estimated costs in this order, so shares depend on the shape and their number alone.
 */
final class Shares {

  /** Estimated work of a piece of an output group. */
  interface Cost {
    double of(int group, int piece);
  }

  private final List<RowBand> bands;
  private final int groups;

  /** Cost of a group's pieces before each. */
  private final double[][] before;

  /** Where each group of each band begins within an image: {@code [band * groups + group]}. */
  private final double[] starts;

  private final double image;

  Shares(List<RowBand> bands, int groups, int pieces, Cost cost) {
    this.bands = bands;
    this.groups = groups;
    before = new double[groups][pieces + 1];
    for (int g = 0; g < groups; g++) {
      for (int p = 0; p < pieces; p++) {
        before[g][p + 1] = before[g][p] + cost.of(g, p);
      }
    }
    starts = new double[bands.size() * groups + 1];
    for (int i = 0; i < bands.size() * groups; i++) {
      RowBand band = bands.get(i / groups);
      starts[i + 1] = starts[i] + cost(i % groups, band.firstPiece(), band.endPiece());
    }
    image = starts[starts.length - 1];
  }

  /** Work of neighbouring pieces of a group. */
  double cost(int group, int firstPiece, int endPiece) {
    return before[group][endPiece] - before[group][firstPiece];
  }

  /** Where the share of a worker begins; it ends where the next worker's begins. */
  double start(int worker, int workers, int batch) {
    return image * batch * worker / workers;
  }

  /** An image at or before the one in which a share begins: division rounds. */
  int firstImage(double from) {
    return Math.max(0, (int) (from / image) - 1);
  }

  /** One past the image in which a share ends, or a later one. */
  int endImage(double to, int batch) {
    return Math.min(batch, (int) (to / image) + 2);
  }

  /** The first group of a band with pieces that begin at or after a place. */
  int firstGroup(int imageIndex, int band, double from) {
    int group = 0;
    while (group < groups && piece(imageIndex, band, group, from) == bands.get(band).endPiece()) {
      group++;
    }
    return group;
  }

  /** One past the last group of a band with pieces that begin before a place. */
  int endGroup(int imageIndex, int band, double to) {
    int group = groups;
    while (group > 0 && piece(imageIndex, band, group - 1, to) == bands.get(band).firstPiece()) {
      group--;
    }
    return group;
  }

  /** The first piece of a band and group that begins at or after a place, or the band's end. */
  int piece(int imageIndex, int band, int group, double place) {
    int first = bands.get(band).firstPiece();
    int low = first;
    int high = bands.get(band).endPiece();
    double base = image * imageIndex + starts[band * groups + group] - before[group][first];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (base + before[group][middle] >= place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
