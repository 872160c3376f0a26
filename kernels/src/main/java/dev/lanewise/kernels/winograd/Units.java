package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;

/**
 * The units in which tiles and output channels are shared out, each a span of tiles and some pairs
 * of output blocks.
 *
 * <p>With one part they are ordered (channel group, span, pair): a run is some spans with all their
 * outputs, and perhaps a part of the outputs of its first and of its last. With more parts they are
 * ordered (channel group, part, span), and each part transforms the input again.
 *
 * @param parts parts into which the output channels of a group are cut
 */
record Units(Tiling tiling, int parts) {

  /** Units of the whole batch. */
  long count() {
    return tiling.groups * groupUnits();
  }

  private long groupUnits() {
    return (long) tiling.spans * (parts == 1 ? tiling.pairs() : parts);
  }

  /** Where those units end, from {@code unit} on, that are computed together: all, or the first. */
  long together(long unit, long end) {
    if (parts > 1) {
      return Math.min(end, (unit / tiling.spans + 1) * tiling.spans);
    }
    int pairs = tiling.pairs();
    long pair = unit % pairs;
    if (pair > 0 || end - unit < pairs) {
      return Math.min(end, unit - pair + pairs);
    }
    long groupEnd = Math.min(end, (unit / groupUnits() + 1) * groupUnits());
    return groupEnd - groupEnd % pairs;
  }

  /** The channel group of a unit. */
  int group(long unit) {
    return (int) (unit / groupUnits());
  }

  /** The span of a unit. */
  int span(long unit) {
    return (int) (parts == 1 ? unit % groupUnits() / tiling.pairs() : unit % tiling.spans);
  }

  /** The first pair of a unit. */
  int firstPair(long unit) {
    return parts == 1
        ? (int) (unit % tiling.pairs())
        : Workers.start(tiling.pairs(), part(unit), parts);
  }

  /** One past the last pair of a unit. */
  int endPair(long unit) {
    return parts == 1 ? firstPair(unit) + 1 : Workers.start(tiling.pairs(), part(unit) + 1, parts);
  }

  private int part(long unit) {
    return (int) (unit / tiling.spans % parts);
  }
}
