package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Elements;
import java.util.Arrays;

/**
 * Transforms windows of the phases of a strided input, which are gathered from the input for a row
 * of tiles at a time, into a band that the first- and second-level caches hold.
 */
final class PhaseInput implements InputTransform {

  private static final int BLOCK = Tiling.BLOCK;

  /** Cycles to gather one channel of a pixel. Measured on Zen 4, as the next is. */
  private static final double LANE = 1.2;

  /** Cycles to gather 16 channels that lie side by side. */
  private static final double PIXEL = 4;

  private final Tiling tiling;
  private final WindowTransform windows;
  private final StridePhases phases;
  private final Axis height;
  private final Axis width;
  private final int rowFloats;
  private final int planeFloats;

  /** Pixels of a plane of the strided input, and planes of a channel. */
  private final int inPlane;

  private final int inDepth;

  PhaseInput(Tiling tiling, Workspace space, StridePhases phases) {
    this.tiling = tiling;
    this.phases = phases;
    windows = new WindowTransform(tiling, false, ProductPlaces.planes(tiling, space.inputPlane()));
    height = phases.height();
    width = phases.width();
    rowFloats = tiling.width.input * BLOCK;
    planeFloats = tiling.height.input * rowFloats;
    inPlane = height.input() * width.input();
    inDepth = tiling.depth.input();
  }

  @Override
  public int ownFloats() {
    return WindowTransform.scratchFloats(tiling) + bandRows() * rowFloats;
  }

  private int bandRows() {
    return tiling.height.transform.products();
  }

  @Override
  public boolean takesPlanar() {
    return !phases.wholeBlocks();
  }

  /** Work to gather what a tile of one term reads and its neighbour did not. */
  static double tileCost(Tiling tiling, StridePhases phases) {
    double pixels = (double) tiling.height.transform.products() * tiling.width.transform.outputs();
    double lanes = Math.min(BLOCK, tiling.shape.inChannels());
    return pixels * (phases.wholeBlocks() ? PIXEL : lanes * LANE);
  }

  @Override
  public void run(
      ConvCall call,
      int group,
      int term,
      int first,
      int end,
      float[] workspace,
      int to,
      float[] own,
      int at) {
    int target = to;
    int band = at + WindowTransform.scratchFloats(tiling) - Workspace.START;
    int spans = tiling.width.spans;
    for (int span = first; span < end; ) {
      int row = span / spans;
      int toSpan = Math.min(spans, span % spans + end - span);
      int y = tiling.height.inStart(tiling.height.outStart(row % tiling.height.tiles));
      int outPlane = row / tiling.height.tiles;
      int seen = tiling.depth.position(outPlane % tiling.outDepth, term / tiling.inBlocks);
      if (seen >= 0 && seen < inDepth) {
        int firstColumn = tiling.width.inStart(tiling.width.outStart(span % spans));
        int last = tiling.width.inStart(tiling.width.outStart(toSpan - 1));
        int endColumn = Math.min(tiling.width.input, last + tiling.width.transform.products());
        int image = call.inputImage(outPlane / tiling.outDepth);
        gather(call, image, term % tiling.inBlocks, seen, y, firstColumn, endColumn, own, band);
      }
      windows.run(
          own,
          band - seen * planeFloats - y * rowFloats,
          0,
          0,
          term / tiling.inBlocks,
          span,
          span - span % spans + toSpan,
          workspace,
          target,
          own,
          at);
      int tiles = toSpan - span % spans;
      target += tiles * BLOCK;
      span += tiles;
    }
  }

  /** Gathers columns {@code first} to {@code end} of the rows of the phases from {@code y} on. */
  private void gather(
      ConvCall call,
      int image,
      int block,
      int plane,
      int y,
      int first,
      int end,
      float[] band,
      int at) {
    int channels = phases.shape().inChannels();
    int rows = Math.min(bandRows(), tiling.height.input - y);
    for (int row = 0; row < rows; row++) {
      int target = at + row * rowFloats;
      if (phases.wholeBlocks()) {
        gatherBlock(call.input(), image, block, plane, y + row, first, end, band, target);
      } else {
        Arrays.fill(band, target + first * BLOCK, target + end * BLOCK, 0);
        int lanes = Math.min(BLOCK, tiling.shape.inChannels() - block * BLOCK);
        for (int lane = 0; lane < lanes; ) {
          int phase = (block * BLOCK + lane) / channels;
          int channel = (block * BLOCK + lane) % channels;
          int count = Math.min(channels - channel, lanes - lane);
          int to = target + lane;
          gatherLanes(call, image, phase, channel, count, plane, y + row, first, end, band, to);
          lane += count;
        }
      }
    }
  }

  private void gatherBlock(
      float[] src,
      int image,
      int block,
      int plane,
      int row,
      int first,
      int end,
      float[] band,
      int to) {
    int blocks = phases.shape().inChannels() / BLOCK;
    int phase = block / blocks;
    int inRow = row * height.stride() + phase / phases.columnPhases() - height.padBefore();
    int before = phase % phases.columnPhases() - width.padBefore();
    int from = firstInside(before, first, end);
    int until = inRow < 0 || inRow >= height.input() ? from : endInside(before, from, end);
    Arrays.fill(band, to + first * BLOCK, to + from * BLOCK, 0);
    if (until > from) {
      int pixel = (block % blocks * inDepth + plane) * inPlane + inRow * width.input() + before;
      int source = image + (pixel + from * width.stride()) * BLOCK;
      Blocks.copy(
          src, source, width.stride() * BLOCK, band, to + from * BLOCK, BLOCK, until - from);
    }
    Arrays.fill(band, to + until * BLOCK, to + end * BLOCK, 0);
  }

  /** Gathers {@code count} channels of a phase from {@code channel} on. */
  private void gatherLanes(
      ConvCall call,
      int image,
      int phase,
      int channel,
      int count,
      int plane,
      int row,
      int first,
      int end,
      float[] band,
      int to) {
    int inRow = row * height.stride() + phase / phases.columnPhases() - height.padBefore();
    if (inRow < 0 || inRow >= height.input()) {
      return;
    }
    int before = phase % phases.columnPhases() - width.padBefore();
    int from = firstInside(before, first, end);
    int columns = endInside(before, from, end) - from;
    int pixel = plane * inPlane + inRow * width.input() + before + from * width.stride();
    int lanes = call.planar() ? 1 : BLOCK;
    int channelFloats = call.planar() ? inDepth * inPlane : 1;
    int step = width.stride() * lanes;
    int target = to + from * BLOCK;
    for (int c = channel; c < channel + count; ) {
      int source = image + pixel * lanes + place(c, call.planar());
      boolean triple = c + 3 <= channel + count && (call.planar() || c % BLOCK + 3 <= BLOCK);
      if (triple) {
        Elements.copyTriples(
            call.input(), source, channelFloats, step, band, target, BLOCK, columns);
      } else {
        Elements.copy(call.input(), source, step, band, target, BLOCK, columns);
      }
      c += triple ? 3 : 1;
      target += triple ? 3 : 1;
    }
  }

  /** Where a channel of an image begins. */
  private int place(int channel, boolean planar) {
    return planar
        ? channel * inDepth * inPlane
        : channel / BLOCK * inDepth * inPlane * BLOCK + channel % BLOCK;
  }

  /** The first column of a phase whose element is not before the input. */
  private int firstInside(int before, int first, int end) {
    return Math.clamp(Math.ceilDiv(-before, width.stride()), first, end);
  }

  /** One past the last column of a phase whose element is not after the input. */
  private int endInside(int before, int first, int end) {
    return Math.clamp(Math.ceilDiv(width.input() - before, width.stride()), first, end);
  }
}
