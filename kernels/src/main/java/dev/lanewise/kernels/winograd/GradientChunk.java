package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.simd.FilterReduce;
import java.util.Arrays;

/**
 * What is done to a chunk of tiles: input and gradient are transformed into its planes, and each
 * product is summed over the tiles for a panel and 8 output channels, a row.
 */
final class GradientChunk {

  private static final int BLOCK = Tiling.BLOCK;

  /** Output channels of a row. */
  static final int ROWS = FilterReduce.ROWS;

  private final FilterReduce kernel = FilterReduce.get();
  private final Tiling tiling;
  private final GradientPlanes planes;
  private final WindowTransform inputTransform;
  private final WindowTransform gradientTransform;
  final GradientPanel[] panels;

  /** Rows of a channel group. */
  final int rows;

  final FilterGradientTransform toFilter;

  GradientChunk(Tiling tiling, GradientPlanes planes) {
    this.tiling = tiling;
    this.planes = planes;
    inputTransform = transform(false, tiling.inBlocks);
    gradientTransform = transform(true, tiling.outBlocks);
    panels = GradientPanel.all(tiling.inBlocks);
    rows = Math.ceilDiv(tiling.shape.outChannels() / tiling.groups, ROWS);
    toFilter = new FilterGradientTransform(tiling, ROWS);
  }

  private WindowTransform transform(boolean ofGradient, int blocks) {
    ProductPlaces places = ProductPlaces.planes(tiling, planes.plane(blocks));
    return new WindowTransform(tiling, ofGradient, places);
  }

  /**
   * Transforms some tiles of 16 channels, and clears what the last run has too many behind the
   * chunk's last one.
   *
   * @param ofInput whether of the input, else of the gradient
   * @param block the block among those of an image
   * @param from the first of the chunk's spans
   * @param until one past the last
   * @param at where the block's first tile of the first product lies
   * @param scratch of {@link WindowTransform#scratchFloats} from {@code half} on
   */
  void transform(
      boolean ofInput,
      FilterGradientCall call,
      int block,
      int chunk,
      int from,
      int until,
      float[] memory,
      int at,
      float[] scratch,
      int half) {
    int first = planes.first(chunk);
    int to = at + tiling.tiles(first, first + from) * BLOCK;
    (ofInput ? inputTransform : gradientTransform)
        .run(
            ofInput ? call.input() : call.gradOutput(),
            ofInput ? call.inputFirst() : call.gradOutputFirst(),
            block,
            first + from,
            first + until,
            memory,
            to,
            scratch,
            half);
    if (first + until == planes.first(chunk + 1)) {
      int plane = planes.plane(ofInput ? tiling.inBlocks : tiling.outBlocks);
      clear(memory, at + planes.tiles(chunk) * BLOCK, planes.padding(chunk), plane);
    }
  }

  /** Tiles that the last run has too many would else be those of another chunk. */
  private void clear(float[] memory, int from, int tiles, int plane) {
    for (int product = 0; product < tiling.products; product++) {
      int place = from + product * plane;
      Arrays.fill(memory, place, place + tiles * BLOCK, 0f);
    }
  }

  /**
   * Sums the products of a panel and a row: {@code [product][channel][block][16]}.
   *
   * @param add whether to what is there
   * @param inputs where the first block of input channels of the channel group lies
   * @param gradients where the first block of its output channels lies
   * @param sums begin there in {@code out}
   */
  void sum(
      boolean add,
      int chunk,
      GradientPanel panel,
      int row,
      float[] memory,
      int inputs,
      int gradients,
      float[] out,
      int sums) {
    int channel = row * ROWS;
    int gradient = gradients + channel / BLOCK * planes.blockFloats() + channel % BLOCK;
    for (int block = 0; block < panel.blocks(); block += panel.step()) {
      kernel.products(
          add,
          tiling.products,
          planes.runs(chunk),
          planes.trip,
          Math.min(panel.step(), panel.blocks() - block),
          memory,
          inputs + (panel.first() + block) * planes.blockFloats(),
          planes.blockFloats(),
          planes.plane(tiling.inBlocks),
          memory,
          gradient,
          planes.plane(tiling.outBlocks),
          out,
          sums + block * BLOCK,
          panel.blocks() * BLOCK,
          BLOCK,
          toFilter.plane(panel));
    }
  }

  /** Calls the transforms and sums until they are compiled. */
  void warmUp() {
    for (GradientPanel panel : panels) {
      for (int block = 0; block < panel.blocks(); block += panel.step()) {
        int blocks = Math.min(panel.step(), panel.blocks() - block);
        kernel.warmUpProducts(false, blocks);
        if (planes.own && planes.chunks > planes.parts) {
          kernel.warmUpProducts(true, blocks);
        }
      }
    }
    Transforms.warmUpGradient(tiling.height.transform, tiling.columnFloats());
    Transforms.warmUpGradient(tiling.width.transform, tiling.columnFloats());
  }
}
