package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.PartedRuns;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.List;
import java.util.Optional;

/**
 * Convolution by 3x3 filters at stride 2 with 25 products for 36: minimal filtering of the odd
 * elements, where two taps fall, with the even ones, where one does, in the same products.
 *
 * <p>Along an axis, two outputs of the filter w0, w1, w2 over the elements d0 to d4 are
 *
 * <pre>
 * m0 = (d0 - d2) w0 + d1 w1    y0 = m0 + m1
 * m1 = d2 (w0 + w2)            y1 = m1 + m2
 * m2 = (d4 - d2) w2 + d3 w1
 * </pre>
 *
 * <p>which is F(2, 2) of w0 and w2 (Winograd, 1980), whose first and last product take up the
 * middle tap. Five multiplications for six, and 25 for 36 on a plane; only sums and differences
 * beside them. Each of the nine products sums one, two or four parts of the transformed window over
 * the input channels, one chain in the order (part, input channel), so results do not depend on
 * blocks, threads, lanes or batch position.
 */
public final class StridedWinograd implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  /** Tiles whose transforms are called to warm up, and more than that takes once compiled. */
  private static final int WARM_TILES = 8;

  private static final long COMPILED_NANOS = 3_000;

  /** Starting values of the products. */
  private static final float[] ZEROS = new float[2 * BLOCK];

  private final BatchReduce kernel = BatchReduce.get();
  private final StridedTiles tiles;
  private final int workers;
  private final StridedFilter filters;
  private final StridedWindows windows;
  private final StridedPartition partition;

  /** Of each product: its terms for one and for two blocks of output channels. */
  private final Taps[][] taps;

  /**
   * Prepares a shape that {@link #objection} has nothing against.
   *
   * @param workers how many workers will share the work; only memory of {@link #pack} and {@link
   *     #explain} depend on it
   */
  public StridedWinograd(ConvShape shape, int workers) {
    this.workers = workers;
    tiles = new StridedTiles(shape);
    filters = new StridedFilter(tiles, shape, workers);
    windows = new StridedWindows(tiles);
    partition = new StridedPartition(tiles);
    taps = new Taps[StridedTiles.ALL_PRODUCTS][];
    for (int product = 0; product < taps.length; product++) {
      taps[product] = new Taps[] {taps(product, 1), taps(product, 2)};
    }
  }

  private Taps taps(int product, int blocks) {
    int[] input = new int[StridedTiles.parts(product) * tiles.inBlocks];
    int[] filter = new int[input.length];
    for (int term = 0; term < input.length; term++) {
      input[term] = term * tiles.blockTiles * BLOCK;
      filter[term] = term * BLOCK * blocks * BLOCK;
    }
    return new Taps(input, filter);
  }

  /** Why this algorithm cannot compute a shape, if it cannot. */
  public static Optional<String> objection(ConvShape shape) {
    List<Axis> axes = shape.axes();
    if (axes.size() != 2 || shape.groups() != 1) {
      return Optional.of("only planes of one group of channels");
    }
    for (Axis axis : axes) {
      if (axis.kernel() != 3 || axis.stride() != 2 || axis.dilation() != 1) {
        return Optional.of(
            "%d taps at stride %d and dilation %d, not 3 at 2 and 1"
                .formatted(axis.kernel(), axis.stride(), axis.dilation()));
      }
    }
    StridedTiles tiles = new StridedTiles(shape);
    long floats = Math.max(tiles.filterFloats(), tiles.floats());
    return floats > Integer.MAX_VALUE - BLOCK
        ? Optional.of("packed filter or workspace of %d floats exceeds 2^31 - 1".formatted(floats))
        : Optional.empty();
  }

  @Override
  public int filterFloats() {
    return (int) tiles.filterFloats();
  }

  @Override
  public int scratchFloats() {
    return Workspace.START + (int) tiles.floats();
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    pack(filter, packed, 0, 1);
  }

  @Override
  public void pack(float[] filter, float[] packed, int worker, int count) {
    filters.pack(filter, packed, worker, count);
  }

  @Override
  public void run(int worker, int count, Scratch scratch, ConvCall call) {
    float[] workspace = scratch.floats(scratchFloats());
    PartedRuns shared = partition.choice(count);
    int imageTiles = tiles.imageTiles();
    long end = shared.runs().start(worker + 1);
    for (long unit = shared.runs().start(worker); unit < end; ) {
      int first = (int) (unit % imageTiles);
      int until = (int) Math.min(imageTiles, first + end - unit);
      int part = (int) (unit / imageTiles % shared.parts());
      int image = (int) (unit / imageTiles / shared.parts());
      int firstPair = Workers.start(tiles.pairs, part, shared.parts());
      int endPair = Workers.start(tiles.pairs, part + 1, shared.parts());
      int blocks = Math.ceilDiv(until - first, tiles.blockTiles);
      for (int b = 0; b < blocks; b++) {
        int from = first + Workers.start(until - first, b, blocks);
        int to = first + Workers.start(until - first, b + 1, blocks);
        windows.transform(image, from, to, workspace, call);
        for (int pair = firstPair; pair < endPair; pair++) {
          multiply(pair, to - from, workspace, call);
          transformOutput(image, pair, from, to, workspace, call);
        }
      }
      unit += until - first;
    }
  }

  private void multiply(int pair, int count, float[] workspace, ConvCall call) {
    int blocks = tiles.pairBlocks(pair);
    for (int product = 0; product < StridedTiles.ALL_PRODUCTS; product++) {
      int place = StridedTiles.firstPart(product);
      kernel.pixels(
          BLOCK,
          blocks,
          count,
          workspace,
          Workspace.START + tiles.part(place, product),
          taps[product][blocks - 1],
          call.weights(),
          tiles.filterPair(pair) + place * tiles.inBlocks * BLOCK * blocks * BLOCK,
          ZEROS,
          0,
          0,
          0,
          workspace,
          Workspace.START + tiles.sums() + product * tiles.sumPlane(),
          BLOCK,
          tiles.blockTiles * BLOCK);
    }
  }

  private void transformOutput(
      int image, int pair, int from, int to, float[] workspace, ConvCall call) {
    for (int b = 0; b < tiles.pairBlocks(pair); b++) {
      int sums = Workspace.START + tiles.sums() + b * tiles.blockTiles * BLOCK;
      for (int tile = from; tile < to; ) {
        int row = tile / tiles.columns;
        int column = tile % tiles.columns;
        int columns = Math.min(tiles.columns - column, to - tile);
        outputRow(image, 2 * pair + b, row, column, column + columns, workspace, sums, call);
        tile += columns;
        sums += columns * BLOCK;
      }
    }
  }

  /** Outputs of neighbouring tiles: those of which some are outside go through a patch. */
  private void outputRow(
      int image,
      int block,
      int row,
      int first,
      int end,
      float[] workspace,
      int sums,
      ConvCall call) {
    int width = tiles.width.output();
    int height = tiles.height.output();
    int y = StridedTiles.OUTPUTS * row;
    int rows = Math.min(StridedTiles.OUTPUTS, height - y);
    int pixel = y * width + StridedTiles.OUTPUTS * first;
    int endColumn = Math.min(width, StridedTiles.OUTPUTS * end);
    int columns = endColumn - StridedTiles.OUTPUTS * first;
    int to = call.outputImage(image) + (block * height * width + pixel) * BLOCK;
    int whole = rows == StridedTiles.OUTPUTS ? columns / StridedTiles.OUTPUTS : 0;
    output(call, block, workspace, sums, call.output(), to, width * BLOCK, whole);
    int patch = Workspace.START + tiles.patch();
    for (int tile = whole; tile < end - first; tile++) {
      int rowStride = StridedTiles.OUTPUTS * BLOCK;
      output(call, block, workspace, sums + tile * BLOCK, workspace, patch, rowStride, 1);
      int there = Math.min(StridedTiles.OUTPUTS, columns - StridedTiles.OUTPUTS * tile);
      for (int r = 0; r < rows; r++) {
        int target = to + (r * width + StridedTiles.OUTPUTS * tile) * BLOCK;
        System.arraycopy(workspace, patch + r * rowStride, call.output(), target, there * BLOCK);
      }
    }
    for (int r = 0; r < rows; r++) {
      call.finish(image, block, pixel + r * width, columns);
    }
  }

  private void output(
      ConvCall call,
      int block,
      float[] workspace,
      int sums,
      float[] out,
      int to,
      int row,
      int count) {
    StridedTransforms.output(
        workspace, sums, tiles.sumPlane(), call.bias(), block * BLOCK, out, to, row, count);
  }

  @Override
  public double cost(int worker, int count) {
    return partition.cost(worker, count);
  }

  @Override
  public void warmUp(boolean residual) {
    if (!Lanes.vectorised()) {
      return;
    }
    int blocks = Math.ceilDiv(tiles.imageTiles(), tiles.blockTiles);
    for (int count :
        new int[] {tiles.imageTiles() / blocks, Math.ceilDiv(tiles.imageTiles(), blocks)}) {
      int strips = Math.ceilDiv(count, kernel.maxPixels());
      for (int pair = Math.max(0, tiles.pairs - 2); pair < tiles.pairs; pair++) {
        int width = tiles.pairBlocks(pair);
        kernel.warmUp(BLOCK, width, count / strips, taps[0][width - 1], true);
        kernel.warmUp(BLOCK, width, Math.ceilDiv(count, strips), taps[0][width - 1], true);
      }
    }
    float[] window = new float[(4 * WARM_TILES + 2) * BLOCK];
    float[] result = new float[(4 * WARM_TILES + 4) * BLOCK];
    int[] places = {0, BLOCK, 2 * BLOCK, 3 * BLOCK, 4 * BLOCK};
    WarmUp.drive(
        () -> {
          StridedTransforms.input(window, 0, -1, result, places, 0, WARM_TILES);
          StridedTransforms.input(window, 0, BLOCK, result, places, 0, WARM_TILES);
          StridedTransforms.output(window, 0, BLOCK, window, 0, result, 0, 2 * BLOCK, WARM_TILES);
        },
        COMPILED_NANOS);
  }

  @Override
  public List<String> explain() {
    return List.of(
        "stride 2 with 25 products for 36: %d tiles of 2x2 outputs an image"
            .formatted(tiles.imageTiles()),
        "blocks of up to %d tiles, output channels in %d parts"
            .formatted(tiles.blockTiles, partition.choice(workers).parts()));
  }
}
