package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.LaneGroups;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.Optional;

/**
 * A depthwise convolution, or the gradient of one in narrow groups, brought to three axes, with the
 * sizes that its loops work with.
 */
record Geometry(ConvShape shape, Axis depth, Axis height, Axis width) {

  static final int BLOCK = Layout.BLOCK;

  private static final Axis NONE = Axis.of(1, 1);

  static Geometry of(ConvShape shape) {
    List<Axis> axes = shape.axes();
    int n = axes.size();
    return new Geometry(
        shape, n < 3 ? NONE : axes.get(n - 3), n < 2 ? NONE : axes.get(n - 2), axes.get(n - 1));
  }

  /** Why a shape is no depthwise convolution, if it is not. */
  static Optional<String> objection(ConvShape shape) {
    return shape.groups() == shape.inChannels()
        ? Optional.empty()
        : Optional.of(
            "groups=%d must equal inChannels=%d".formatted(shape.groups(), shape.inChannels()));
  }

  /** How lanes see the channels of their groups. */
  LaneGroups groups() {
    return LaneGroups.of(shape);
  }

  /** Output channels of each input channel. */
  int multiplier() {
    return shape.outChannels() / shape.inChannels();
  }

  /** Blocks of output channels. */
  int blocks() {
    return Layout.blocks(shape.outChannels());
  }

  /**
   * The block of input channels that a block of output channels reads: 16 m output channels are one
   * input block, so no output block reads two.
   */
  int inBlock(int block) {
    return block / multiplier();
  }

  /** Output rows of one channel, counted through its planes. */
  int rows() {
    return depth.output() * height.output();
  }

  /** Floats of an input row. */
  int inRow() {
    return width.input() * BLOCK;
  }

  /** Floats of one channel block of the input. */
  int inPlane() {
    return depth.input() * height.input() * inRow();
  }

  /** Floats of an output row. */
  int outRow() {
    return width.output() * BLOCK;
  }

  /** Input columns that the last window touches after the row. */
  int columnsAfter() {
    return Math.max(0, width.position(width.output() - 1, width.kernel() - 1) + 1 - width.input());
  }

  /** Floats of one channel block of the output. */
  int outPlane() {
    return rows() * outRow();
  }

  /** Where kernel plane 0 and row 0 of an output row lie in their input block; may be negative. */
  int rowOrigin(int row) {
    int plane = depth.position(row / height.output(), 0);
    return (plane * height.input() + height.position(row % height.output(), 0)) * inRow();
  }

  /** Whether the method that walks down columns can compute most rows. */
  boolean walkable() {
    return width.kernel() == 3
        && height.kernel() == 3
        && height.dilation() == 1
        && height.stride() == width.stride()
        && depth.kernel() == 1
        && depth.padBefore() == 0
        && depth.padAfter() == 0
        && ColumnRun.literal(width);
  }

  /** Whether neighbouring outputs of a row can be summed together. */
  boolean pairable() {
    return pairableColumns() || pairableRows();
  }

  /** Whether {@link DepthwisePairs} can sum them, going down the columns. */
  private boolean pairableColumns() {
    return walkable() && width.stride() == 1 && ColumnRun.literal(height);
  }

  /** Whether {@link DepthwiseRowPairs} can sum them, row by row. */
  private boolean pairableRows() {
    return width.kernel() == DepthwiseRowPairs.KERNEL
        && height.kernel() == DepthwiseRowPairs.KERNEL
        && width.stride() == 1
        && height.stride() == 1
        && ColumnRun.literal(width)
        && ColumnRun.literal(height)
        && width.padBefore() == DepthwiseRowPairs.PADDING
        && columnsAfter() == DepthwiseRowPairs.PADDING
        && width.output() % 2 == 0
        && depth.kernel() == 1
        && depth.padBefore() == 0
        && depth.padAfter() == 0;
  }
}
