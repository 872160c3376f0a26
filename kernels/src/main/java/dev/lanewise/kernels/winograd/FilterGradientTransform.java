package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Interleave;

/**
 * Transforms summed products into the filter's gradient, {@code G^T u G}, and lays it out as the
 * filter is.
 *
 * <p>The sums are {@code [product][output channel][input block][16]}; first along the columns of
 * each output channel's products, then along the rows of what came out.
 */
final class FilterGradientTransform {

  private static final int BLOCK = Tiling.BLOCK;
  private static final int PAD = 16;

  private final Tiling tiling;
  private final AxisTransform height;
  private final AxisTransform width;
  private final int channels;
  private final int inPerGroup;
  private final int outPerGroup;

  /**
   * Prepares the transform of a shape.
   *
   * @param channels output channels of a row
   */
  FilterGradientTransform(Tiling tiling, int channels) {
    this.tiling = tiling;
    this.channels = channels;
    height = tiling.height.transform;
    width = tiling.width.transform;
    ConvShape shape = tiling.shape;
    inPerGroup = shape.inChannels() / shape.groups();
    outPerGroup = shape.outChannels() / shape.groups();
  }

  /** Floats from one product of a panel to the next. */
  int plane(GradientPanel panel) {
    return channels * panel.blocks() * BLOCK + PAD;
  }

  /** Floats of the sums of a panel. */
  int sumFloats(GradientPanel panel) {
    return tiling.products * plane(panel);
  }

  private int sumFloats() {
    return tiling.products * (channels * GradientPanel.MOST * BLOCK + PAD);
  }

  /** Floats of the sums, and of one output channel between the passes and after them. */
  int scratchFloats() {
    return sumFloats() + 2 * tiling.products * GradientPanel.MOST * BLOCK;
  }

  /** Transforms the sums of a row of output channels of a group, counted within it. */
  void run(
      int group,
      GradientPanel panel,
      int firstChannel,
      float[] memory,
      FilterGradientCall call,
      boolean add) {
    int blocks = panel.blocks();
    int taps = height.taps() * width.taps();
    int end = Math.min(channels, outPerGroup - firstChannel);
    for (int k = 0; k < end; k++) {
      int sums = transform(panel, k * blocks * BLOCK, memory);
      int channel = group * outPerGroup + firstChannel + k;
      for (int block = 0; block < blocks; block++) {
        int first = (panel.first() + block) * BLOCK;
        Interleave.run(
            memory,
            sums + block * BLOCK,
            blocks * BLOCK,
            taps,
            Math.min(BLOCK, inPerGroup - first),
            call.gradFilter(),
            call.gradFilterFirst() + (channel * inPerGroup + first) * taps,
            add);
      }
    }
  }

  /** Transforms the blocks of one output channel to {@code [tap][block][16]}; tells where. */
  private int transform(GradientPanel panel, int from, float[] memory) {
    int blocks = panel.blocks();
    int tap = blocks * BLOCK;
    int plane = plane(panel);
    int half = sumFloats();
    int to = half + tiling.products * GradientPanel.MOST * BLOCK;
    int columns = width.products();
    if (height.isTrivial()) {
      Transforms.filterGradient(width, memory, from, plane, BLOCK, memory, to, tap, BLOCK, blocks);
      return to;
    }
    if (width.isTrivial()) {
      Transforms.filterGradient(height, memory, from, plane, BLOCK, memory, to, tap, BLOCK, blocks);
      return to;
    }
    for (int column = 0; column < columns; column++) {
      Transforms.filterGradient(
          height,
          memory,
          from + column * plane,
          columns * plane,
          BLOCK,
          memory,
          half + column * tap,
          columns * tap,
          BLOCK,
          blocks);
    }
    for (int row = 0; row < height.taps(); row++) {
      Transforms.filterGradient(
          width,
          memory,
          half + row * columns * tap,
          tap,
          BLOCK,
          memory,
          to + row * width.taps() * tap,
          tap,
          BLOCK,
          blocks);
    }
    return to;
  }
}
