package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/**
 * The sizes that an FFT convolution works with: tiles of the last two axes, and the planes of a
 * third axis as if they were further input channels.
 *
 * @param shape the problem
 * @param depth the axis that is not transformed
 * @param rows tiles along the height
 * @param columns tiles along the width
 * @param inBlocks blocks of input channels that are transformed together
 * @param outBlocks blocks of output channels that are summed from them
 * @param group tiles that are transformed together, so that a filter's spectrum serves them all
 */
record FftGeometry(
    ConvShape shape,
    Axis depth,
    TileAxis rows,
    TileAxis columns,
    int inBlocks,
    int outBlocks,
    int group) {

  private static final Axis NONE = Axis.of(1, 1);

  private static final long SECOND_LEVEL_FLOATS = (1 << 20) / Float.BYTES;

  /** Half a third-level cache of 32 MiB: spectra of a group of tiles stay in it. */
  private static final long GROUP_FLOATS = (16 << 20) / Float.BYTES;

  /** With two pixels a tile, two strips of the widest kernel: more would not save much traffic. */
  private static final int MOST_TILES = 14;

  static FftGeometry of(ConvShape shape, int height, int width, int inBlocks, int outBlocks) {
    List<Axis> axes = shape.axes();
    TileAxis rows = TileAxis.of(height(axes), height);
    TileAxis columns = TileAxis.of(axes.getLast(), width);
    Axis depth = depth(axes);
    long perTile =
        (long) columns.fft().half()
            * Fft.COMPLEX
            * ((long) inBlocks * depth.kernel() * rows.size() + (long) outBlocks * rows.outputs());
    int tiles = rows.tiles() * columns.tiles();
    int most = Math.clamp(GROUP_FLOATS / perTile, 1, Math.min(tiles, MOST_TILES));
    int group = Math.ceilDiv(tiles, Math.ceilDiv(tiles, most));
    return new FftGeometry(shape, depth, rows, columns, inBlocks, outBlocks, group);
  }

  static Axis depth(List<Axis> axes) {
    return axes.size() > 2 ? axes.getFirst() : NONE;
  }

  static Axis height(List<Axis> axes) {
    return axes.size() > 1 ? axes.get(axes.size() - 2) : NONE;
  }

  int tiles() {
    return rows.tiles() * columns.tiles();
  }

  int groups() {
    return Math.ceilDiv(tiles(), group);
  }

  /** Input blocks of all planes of the kernel. */
  int planes() {
    return depth.kernel() * inBlocks;
  }

  /** Columns of a spectrum: those of a real signal that are not conjugates of others. */
  int half() {
    return columns.fft().half();
  }

  /** Frequencies of a spectrum. */
  int frequencies() {
    return half() * rows.size();
  }

  /** Floats from one column of the rows' spectra to the next, a row more than needed. */
  int inColumn() {
    return (group * rows.size() + 1) * Fft.COMPLEX;
  }

  /** Likewise of the rows that come out. */
  int outColumn() {
    return (group * rows.outputs() + 1) * Fft.COMPLEX;
  }

  /** Where the spectra of output rows begin among a job's; those of input rows begin at 0. */
  long outSpectra() {
    return (long) planes() * half() * inColumn();
  }

  /** Floats of a job's spectra: those between the transforms of rows and of columns. */
  long spectraFloats() {
    return outSpectra() + (long) outBlocks * half() * outColumn();
  }

  /** Where the memory of products begins in a worker's own: behind four single transforms. */
  int products() {
    return 4 * Math.max(rows.size(), columns.size()) * Fft.COMPLEX;
  }

  /** Where a transform's result lies in a worker's own memory: behind what it works in. */
  int result(TileAxis axis) {
    return 2 * axis.size() * Fft.COMPLEX;
  }

  /** Pairs of rows of some tiles' input. */
  int inPairs(int tiles) {
    return Math.ceilDiv(tiles * rows.size(), 2);
  }

  /** Pairs of rows of some tiles' output. */
  int outPairs(int tiles) {
    return Math.ceilDiv(tiles * rows.outputs(), 2);
  }

  /** Estimated work of transforming so many pairs of input rows. */
  double inRowCost(double pairs) {
    double row = columns.fft().cost() + 3.0 * columns.size() + 8.0 * half();
    return pairs * (row + 2 * half() * traffic());
  }

  /** Estimated work of transforming a column of one input block and plane, in so many tiles. */
  double inColumnCost(int tiles) {
    return tiles * (rows.fft().cost() + (6.0 + traffic()) * rows.size());
  }

  /** Estimated work of transforming a column of one output block back. */
  double outColumnCost(int tiles) {
    return tiles * (rows.fft().cost() + (4.0 + traffic()) * rows.outputs());
  }

  /** Estimated work of transforming so many pairs of output rows back. */
  double outRowCost(double pairs) {
    double row = columns.fft().cost() + 8.0 * half() + 4.0 * columns.outputs() + 20;
    return pairs * (row + 2 * half() * traffic());
  }

  /** Estimated time to write or read an element of the spectra between rows and columns. */
  private double traffic() {
    return spectraFloats() <= SECOND_LEVEL_FLOATS ? 0 : 16.0;
  }
}
