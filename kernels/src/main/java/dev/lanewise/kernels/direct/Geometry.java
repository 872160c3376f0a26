package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A convolution shape brought to three axes, with the sizes that direct convolution works with.
 *
 * <p>A pointwise convolution (one tap, stride 1, no padding) is a single long row: its strips may
 * then run across the ends of rows, and 7 x 7 pixels become strips of 13, 12, 12 and 12 instead of
 * seven strips of 7.
 */
public record Geometry(ConvShape shape, Axis depth, Axis height, Axis width, Packing packing) {

  static final int BLOCK = Layout.BLOCK;

  /** Channels of a group beyond which packing them densely cannot save much. */
  static final int MOST_PACKED = 48;

  private static final Axis NONE = Axis.of(1, 1);

  /** The geometry whose packing promises the least work. */
  static Geometry of(ConvShape shape) {
    if (shape.inChannels() / shape.groups() > MOST_PACKED) {
      return of(shape, Packing.BLOCKS);
    }
    return Stream.of(Packing.BLOCKS, Packing.HALVES, Packing.TRIPLES, Packing.SINGLES)
        .filter(packing -> packing != Packing.HALVES || endsWithHalf(shape))
        .map(packing -> of(shape, packing))
        .min(Comparator.comparingDouble(Geometry::estimate))
        .orElseThrow();
  }

  /** Whether the last block of a pointwise convolution's input is at most half full. */
  private static boolean endsWithHalf(ConvShape shape) {
    int rest = shape.inChannels() % BLOCK;
    return rest > 0
        && rest <= BatchReduce.HALF_TAP
        && shape.groups() == 1
        && shape.axes().stream().allMatch(Geometry::pointwise);
  }

  /** The geometry of a packing. */
  public static Geometry of(ConvShape shape, Packing packing) {
    List<Axis> axes = shape.axes();
    if (packing.mostStride > 0 && axes.stream().allMatch(Geometry::pointwise)) {
      Axis pixels = Axis.of(shape.inputPixels(), 1);
      return new Geometry(shape, NONE, NONE, pixels, packing);
    }
    int n = axes.size();
    return new Geometry(
        shape,
        n < 3 ? NONE : axes.get(n - 3),
        n < 2 ? NONE : axes.get(n - 2),
        axes.get(n - 1),
        packing);
  }

  private static boolean pointwise(Axis axis) {
    return axis.kernel() == 1
        && axis.stride() == 1
        && axis.padBefore() == 0
        && axis.padAfter() == 0;
  }

  /** Multiply-adds of 16 lanes for each output pixel, and what bringing in its input costs. */
  private double estimate() {
    double products = 0;
    for (OutputGroup group : outputGroups()) {
      products += (double) group.blocks() * group.inBlocks() * planeTerms();
    }
    double inputShare = (double) shape.inputPixels() / shape.outputPixels();
    return products + (needsBand() ? inputShare * planes() * packing.copyCost() : 0);
  }

  OutputGroup[] outputGroups() {
    return OutputGroup.all(shape, packing.channels, planeTerms());
  }

  /** Planes in which the input channels lie: blocks of 16, or fewer channels packed densely. */
  int planes() {
    return packing.planes(shape.inChannels());
  }

  int outBlocks() {
    return Layout.blocks(shape.outChannels());
  }

  /** Floats of one channel block of the input. */
  public int inPlane() {
    return depth.input() * height.input() * width.input() * BLOCK;
  }

  /** Floats of one channel block of the output. */
  public int outPlane() {
    return depth.output() * height.output() * width.output() * BLOCK;
  }

  /** Rows of the output, counted through its planes. */
  public int outRows() {
    return depth.output() * height.output();
  }

  /** Columns of a row that the windows touch, padding included. */
  int touchedColumns() {
    return (width.output() - 1) * width.stride() + width.extent();
  }

  /**
   * Whether rows must be copied: columns are padding, pixels lie too far apart, or channels are
   * packed.
   */
  public boolean needsBand() {
    return width.stride() > packing.mostStride
        || width.padBefore() > 0
        || touchedColumns() > width.input();
  }

  /** Phases into which a band deals its columns, so that neighbouring pixels come close. */
  public int phases() {
    return width.stride() <= packing.mostStride || wholeRows() ? 1 : width.stride();
  }

  /** Whether a kernel row of densely packed pixels is one tap, with a micro-kernel of its own. */
  private boolean wholeRows() {
    return packing == Packing.TRIPLES
        && width.dilation() == 1
        && BatchReduce.knows(width.kernel() * packing.channels, width.stride() * packing.channels);
  }

  /** The walk whose taps are whole kernel rows of pixels that lie as in the input. */
  private BatchReduce.Walk rowWalk() {
    return new BatchReduce.Walk(
        width.kernel() * packing.channels, width.stride() * packing.channels);
  }

  /** The phases that a tap falls on, ascending: the others are not kept. */
  int[] usedPhases() {
    return IntStream.range(0, Math.min(width.kernel(), phases()))
        .map(w -> (int) ((long) w * width.dilation() % phases()))
        .sorted()
        .distinct()
        .toArray();
  }

  /** Columns of one phase, with those that a last tap reaches beyond them. */
  int phaseColumns() {
    return Math.ceilDiv(touchedColumns(), phases()) + packing.reach();
  }

  /** The terms of a tap and the floats from one output pixel's input to the next one's. */
  BatchReduce.Walk walk() {
    if (wholeRows()) {
      return rowWalk();
    }
    int columns = phases() > 1 ? 1 : width.stride();
    return new BatchReduce.Walk(packing.terms(), columns * packing.pixelFloats());
  }

  /** Taps of one kernel row that cover up to {@code most} columns which lie side by side. */
  public List<Packing.RowTap> rowTaps(int most) {
    return Packing.rowTaps(width, phases(), most);
  }

  /** The taps of one kernel row. */
  List<Packing.RowTap> rowTaps() {
    return wholeRows() ? rowTaps(width.kernel()) : packing.rowTaps(width, phases());
  }

  /** Terms of one plane of input channels: all its taps. */
  int planeTerms() {
    return depth.kernel() * height.kernel() * rowTaps().size() * walk().terms();
  }
}
