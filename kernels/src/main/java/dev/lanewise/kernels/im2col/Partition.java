package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.PartedRuns;
import dev.lanewise.kernels.parallel.PartedRuns.Work;
import dev.lanewise.kernels.parallel.PerCount;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.BatchReduce;

/**
 * How the work is shared out: output pixels, times parts of the panels of each group.
 *
 * <p>Each part packs the windows again, so there are no more than make the largest share smaller.
 * Units are pixels, ordered (image, group, part, pixel). Where groups begin inside a channel block,
 * a part is a number of groups that fill whole blocks. A worker has a run of units.
 */
final class Partition {

  private static final int BLOCK = Layout.BLOCK;

  /** What packing 16 floats of a block costs, in the unit of {@link BatchReduce#cost}. */
  private static final double BLOCK_COPY = 30;

  /** What packing a single float costs where less than a block is used. */
  private static final double FLOAT_COPY = 4.5;

  private final Geometry geometry;
  private final int panels;
  private final int depth;

  /** Groups that fill whole blocks of output channels. */
  private final int period;

  /** Work of packing the window of a pixel for one group. */
  private final double window;

  private final PerCount<PartedRuns> choices = new PerCount<>(this::choose);

  Partition(Geometry geometry) {
    this.geometry = geometry;
    panels = Panels.count(geometry.outGroup);
    period = BLOCK / Integer.lowestOneBit(geometry.outGroup | BLOCK);
    depth = Panels.depthTaps(geometry.terms);
    int blocks = geometry.inGroup / BLOCK;
    int rest = geometry.inGroup % BLOCK;
    window = geometry.pointwise() ? 0 : geometry.taps * (blocks * BLOCK_COPY + rest * FLOAT_COPY);
  }

  /** The parts and runs for a number of workers. */
  PartedRuns choice(int workers) {
    return choices.of(workers);
  }

  private PartedRuns choose(int workers) {
    int most = geometry.alignedOutput() ? panels : Math.ceilDiv(geometry.groups, period);
    return PartedRuns.of(most, workers, this::work);
  }

  private Work work(int parts) {
    double[] before = before(parts);
    return new Work(
        (long) geometry.batch * (before.length - 1) * geometry.outPixels,
        (first, end) -> cost(first, end, parts, before));
  }

  /** Work of an image before each of its segments, the pixels of a group's part, and in all. */
  private double[] before(int parts) {
    double[] before = new double[(geometry.alignedOutput() ? geometry.groups * parts : parts) + 1];
    for (int segment = 1; segment < before.length; segment++) {
      before[segment] = before[segment - 1] + cost(geometry.outPixels, segment - 1, parts);
    }
    return before;
  }

  /** The first group of a part where groups begin inside a channel block. */
  int firstGroup(int part, int parts) {
    int periods = Math.ceilDiv(geometry.groups, period);
    return Math.min(geometry.groups, period * Workers.start(periods, part, parts));
  }

  /** Estimated work of a worker's share. */
  double cost(int worker, int workers) {
    PartedRuns shared = choice(workers);
    int parts = shared.parts();
    long first = shared.runs().start(worker);
    return cost(first, shared.runs().start(worker + 1), parts, before(parts));
  }

  private double cost(long first, long end, int parts, double[] before) {
    int pixels = geometry.outPixels;
    long segment = first / pixels;
    long last = end / pixels;
    int from = (int) (first % pixels);
    int to = (int) (end % pixels);
    if (segment == last) {
      return cost(to - from, segment, parts);
    }
    double whole = segmentsBefore(last, before) - segmentsBefore(segment + 1, before);
    return cost(pixels - from, segment, parts) + whole + cost(to, last, parts);
  }

  private static double segmentsBefore(long segment, double[] before) {
    int perImage = before.length - 1;
    long images = segment / perImage;
    return images * before[perImage] + before[(int) (segment % perImage)];
  }

  /** Estimated work of neighbouring pixels of a segment. */
  private double cost(int pixels, long segment, int parts) {
    int part = (int) (segment % parts);
    boolean aligned = geometry.alignedOutput();
    int first = aligned ? Workers.start(panels, part, parts) : 0;
    int end = aligned ? Workers.start(panels, part + 1, parts) : panels;
    int single = end == panels && Panels.blocks(panels - 1, geometry.outGroup) == 1 ? 1 : 0;
    double products =
        (end - first - single) * BatchReduce.cost(2, pixels, depth)
            + single * BatchReduce.cost(1, pixels, depth);
    int groups = aligned ? 1 : firstGroup(part + 1, parts) - firstGroup(part, parts);
    return groups * (products + pixels * window);
  }
}
