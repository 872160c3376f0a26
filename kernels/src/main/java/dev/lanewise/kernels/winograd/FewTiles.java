package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Interleave;
import java.util.List;

/**
 * The gradient by filter of F(4x4, 3x3) over a few tiles, such as the four of a 7x7 image: the
 * transformed gradient of the filter, four times as large as the filter, never exists as a whole.
 *
 * <p>All tiles are transformed first. Then, for 16 output channels and a block or two of input
 * channels, the products of two output channels are summed a column at a time and transformed along
 * the column in registers, and the rows of those results are transformed in the first-level cache;
 * at last the taps of all 16 are interleaved into the filter, which is written once.
 *
 * <p>Measured on Zen 4 for 512 channels of 7x7 pixels (16384 vectors of each tap), in milliseconds:
 * 0.64 at the multiply-add peak for the products, 0.91 with the columns' transforms, 1.05 with the
 * rows', 1.40 with the interleaving, 1.51 with the filter in memory; plain sums are 1.96 at the
 * peak and take 2.3, and sums that {@link CommonChunks} stores before it transforms them 3.2.
 * Arrays that do not begin at a cache line add a tenth.
 */
final class FewTiles extends GradientTask {

  private static final int BLOCK = Tiling.BLOCK;

  /** The product of a tile, which wants as many loads as multiply-adds. */
  private static final double TILE = 1.43;

  /** A sum of products, transformed. */
  private static final double SUMMED = 3;

  /** A tap, laid out and written. */
  private static final double WRITTEN = 10;

  /** An element of a tile, transformed. */
  private static final double TRANSFORMED = 12;

  /** With more, two blocks' products leave the first-level cache, and chunks are as fast. */
  private static final int MOST_TILES = 12;

  private static final int TAPS = 9;

  /** Results of the taps of a block, for an output channel. */
  private static final int TAP_FLOATS = TAPS * BLOCK;

  /** Floats after the last tile: see {@link TileSums#warmUp}. */
  private static final int BEYOND = 36 * BLOCK;

  private final WindowTransform inputTransform;
  private final WindowTransform gradientTransform;

  /** Floats of the transformed tiles of a block. */
  private final int blockFloats;

  /** Runs of neighbouring blocks of input channels of a group that are summed together. */
  private final int runs;

  FewTiles(Tiling tiling) {
    super(tiling);
    ProductPlaces places = ProductPlaces.columns(tiling);
    inputTransform = new WindowTransform(tiling, false, places);
    gradientTransform = new WindowTransform(tiling, true, places);
    blockFloats = tiling.products * tiling.tiles() * BLOCK;
    runs = Math.ceilDiv(tiling.inBlocks, TileSums.MOST_BLOCKS);
  }

  /** Whether a shape has F(4x4, 3x3), and tiles that are few enough. */
  static boolean suits(Tiling tiling) {
    AxisTransform transform = new AxisTransform(4, 3);
    long blocks = (long) tiling.groups * (tiling.inBlocks + tiling.outBlocks);
    return tiling.height.transform.equals(transform)
        && tiling.width.transform.equals(transform)
        && tiling.tiles() <= MOST_TILES
        && blocks * tiling.products * tiling.tiles() * BLOCK < Integer.MAX_VALUE - 2 * BEYOND;
  }

  /** Estimated work, as {@link WinogradFilterGradient#cost}. */
  static double cost(Tiling tiling) {
    double blocks = tiling.inBlocks + tiling.outBlocks;
    double transforms = blocks * tiling.tiles() * tiling.products * TRANSFORMED;
    double sum = tiling.products * (tiling.tiles() * TILE + SUMMED) + TAPS * WRITTEN;
    return tiling.groups * (transforms + sum * tiling.inBlocks * tiling.outBlocks * BLOCK);
  }

  @Override
  int commonFloats() {
    return gradients() + tiling.groups * tiling.outBlocks * blockFloats + BEYOND;
  }

  /** Where the transformed gradients begin. */
  private int gradients() {
    return Workspace.START + tiling.groups * tiling.inBlocks * blockFloats;
  }

  @Override
  public int stages(int workers) {
    return 2;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    if (stage == 0) {
      transform(worker, workers, scratch);
    } else {
      sum(worker, workers, scratch);
    }
  }

  /** Transforms a share of the blocks: the input's, then the gradient's. */
  private void transform(int worker, int workers, Scratch scratch) {
    float[] memory = scratch.floats(WindowTransform.scratchFloats(tiling));
    int inBlocks = tiling.groups * tiling.inBlocks;
    int blocks = inBlocks + tiling.groups * tiling.outBlocks;
    int end = Workers.start(blocks, worker + 1, workers);
    for (int i = Workers.start(blocks, worker, workers); i < end; i++) {
      boolean ofInput = i < inBlocks;
      (ofInput ? inputTransform : gradientTransform)
          .run(
              ofInput ? call.input() : call.gradOutput(),
              ofInput ? call.inputFirst() : call.gradOutputFirst(),
              ofInput ? i : i - inBlocks,
              0,
              tiling.spans,
              common,
              Workspace.START + i * blockFloats,
              memory,
              Workspace.START);
    }
  }

  /** Sums a share of the blocks of output channels with the runs of blocks of input channels. */
  private void sum(int worker, int workers, Scratch scratch) {
    float[] memory = scratch.floats(Workspace.START + columnFloats() + tapFloats());
    int units = tiling.groups * tiling.outBlocks * runs;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int outBlock = unit / runs;
      int group = outBlock / tiling.outBlocks;
      int first = unit % runs * TileSums.MOST_BLOCKS;
      int blocks = Math.min(TileSums.MOST_BLOCKS, tiling.inBlocks - first);
      sum(group, outBlock, first, blocks, memory);
    }
  }

  /** Floats of the sums of a call, transformed along the columns. */
  private static int columnFloats() {
    return TileSums.ROWS * TileSums.MOST_BLOCKS * TileSums.RESULT;
  }

  /** Floats of the taps of 16 output channels. */
  private static int tapFloats() {
    return BLOCK * TileSums.MOST_BLOCKS * TAP_FLOATS;
  }

  private void sum(int group, int outBlock, int first, int blocks, float[] memory) {
    int outPerGroup = tiling.shape.outChannels() / tiling.groups;
    int inPerGroup = tiling.shape.inChannels() / tiling.groups;
    int channel = outBlock % tiling.outBlocks * BLOCK;
    int rows = Math.min(BLOCK, outPerGroup - channel);
    int inputs = Workspace.START + (group * tiling.inBlocks + first) * blockFloats;
    int gradient = gradients() + outBlock * blockFloats;
    int sums = Workspace.START;
    int taps = sums + columnFloats();
    int rowFloats = blocks * TAP_FLOATS;
    int tiles = tiling.tiles();
    for (int k = 0; k < rows; k += TileSums.ROWS) {
      TileSums.run(blocks, tiles, common, inputs, blockFloats, common, gradient + k, memory, sums);
      rows(memory, sums, taps + k * rowFloats, TileSums.ROWS * blocks);
    }
    for (int b = 0; b < blocks; b++) {
      int in = (first + b) * BLOCK;
      Interleave.runs(
          memory,
          taps + b * TAP_FLOATS,
          BLOCK,
          rowFloats,
          TAPS,
          Math.min(BLOCK, inPerGroup - in),
          call.gradFilter(),
          call.gradFilterFirst() + ((group * outPerGroup + channel) * inPerGroup + in) * TAPS,
          inPerGroup * TAPS,
          rows);
    }
  }

  /** Transforms the rows of the columns' results: {@code [row][block][tap][16]}. */
  private void rows(float[] memory, int from, int to, int count) {
    AxisTransform width = tiling.width.transform;
    int row = width.products() * BLOCK;
    int taps = width.taps();
    Transforms.filterGradient(
        width, memory, from, BLOCK, row, memory, to, BLOCK, taps * BLOCK, taps * count);
  }

  @Override
  void warmUp() {
    Transforms.warmUpGradient(tiling.width.transform, tiling.columnFloats());
    TileSums.warmUp(Math.min(TileSums.MOST_BLOCKS, tiling.inBlocks));
    if (tiling.inBlocks > 1 && tiling.inBlocks % TileSums.MOST_BLOCKS == 1) {
      TileSums.warmUp(1);
    }
    Interleave.warmUpRuns(TAPS);
    Interleave.warmUp(TAPS, false);
  }

  @Override
  List<String> explain() {
    return List.of(
        "F(4x4, 3x3): %d tiles of %d products, %d KiB transformed"
            .formatted(tiling.tiles(), tiling.products, commonFloats() * Float.BYTES / 1024),
        "%d sums of 16 output channels and up to %d blocks of input channels, transformed in cache"
            .formatted(tiling.groups * tiling.outBlocks * runs, TileSums.MOST_BLOCKS));
  }
}
