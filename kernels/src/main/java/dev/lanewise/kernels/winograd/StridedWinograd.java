package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Runs;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

  /** A part of 16 channels of a window: loads, differences, store. */
  private static final double INPUT_PART = 10;

  /** A product of 16 output channels of a tile. */
  private static final double OUTPUT_PRODUCT = 10;

  /** More than a call takes once it is compiled, and far less than before. */
  private static final long COMPILED_NANOS = 3_000;

  /** Elements from one window to the next. */
  private static final int STEP = 2 * StridedTiles.OUTPUTS;

  /** Output channels of a pair of blocks. */
  private static final int LANES = 2 * BLOCK;

  /** Taps of a filter. */
  private static final int TAPS = 9;

  /** The taps of each part along an axis: w0, w1, w0 + w2, w2, w1. */
  private static final int[][] PART_TAPS = {{0}, {1}, {0, 2}, {2}, {1}};

  /** Starting values of the products. */
  private static final float[] ZEROS = new float[LANES];

  private final BatchReduce kernel = BatchReduce.get();
  private final ConvShape shape;
  private final StridedTiles tiles;
  private final int workers;
  private final int rowFloats;
  private final int planeFloats;

  /** Of each row part: where its five column parts begin. */
  private final int[][] parts;

  /** Of each product: its terms for one and for two blocks of output channels. */
  private final Taps[][] taps;

  /** Kernels of a pair of output blocks, for each worker that packs. */
  private final List<Spare<float[]>> lanes;

  /** The last choice: a plan seldom meets another number of workers. */
  private volatile Choice choice;

  /** Parts into which the output channels are cut, and the runs of workers over all tiles. */
  private record Choice(int parts, Runs runs) {}

  /**
   * Prepares a shape that {@link #objection} has nothing against.
   *
   * @param workers how many workers will share the work; only memory of {@link #pack} and {@link
   *     #explain} depend on it
   */
  public StridedWinograd(ConvShape shape, int workers) {
    this.shape = shape;
    this.workers = workers;
    tiles = new StridedTiles(shape);
    rowFloats = tiles.width.input() * BLOCK;
    planeFloats = tiles.height.input() * rowFloats;
    parts = new int[StridedTiles.PARTS][StridedTiles.PARTS];
    for (int row = 0; row < parts.length; row++) {
      for (int column = 0; column < parts.length; column++) {
        parts[row][column] = Workspace.START + tiles.part(row, column, 0);
      }
    }
    taps = new Taps[StridedTiles.ALL_PRODUCTS][];
    for (int product = 0; product < taps.length; product++) {
      taps[product] = new Taps[] {taps(product, 1), taps(product, 2)};
    }
    lanes =
        Stream.generate(() -> new Spare<>(() -> new float[TAPS * LANES])).limit(workers).toList();
    choice = choose(1);
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

  /** More parts than workers could only repeat more. */
  private Choice choose(int count) {
    Choice best = null;
    for (int cut = 1; cut <= Math.min(tiles.pairs, count); cut++) {
      int all = cut;
      Runs runs = Runs.of(units(cut), count, (first, end) -> cost(first, end, all));
      if (best == null || runs.largest() < best.runs.largest()) {
        best = new Choice(cut, runs);
      }
    }
    return best;
  }

  private Choice choice(int count) {
    Choice last = choice;
    if (last.runs.workers() != count) {
      last = choose(count);
      choice = last;
    }
    return last;
  }

  /** Units are tiles, ordered (image, part of the output channels, tile). */
  private long units(int cut) {
    return (long) tiles.images * cut * tiles.imageTiles();
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

  /** Layout: {@code [pair][product][part][input block][16][32]}; a single last block has 16. */
  @Override
  public void pack(float[] filter, float[] packed, int worker, int count) {
    Spare<float[]> memory = lanes.get(worker % lanes.size());
    float[] taken = memory.take();
    int units = tiles.pairs * shape.inChannels();
    int end = Workers.start(units, worker + 1, count);
    for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
      int pair = unit / shape.inChannels();
      int in = unit % shape.inChannels();
      int width = tiles.pairBlocks(pair) * BLOCK;
      int outs = Math.min(width, shape.outChannels() - pair * LANES);
      gather(filter, (pair * LANES * shape.inChannels() + in) * TAPS, outs, taken);
      for (int row = 0; row < StridedTiles.PARTS; row++) {
        for (int column = 0; column < StridedTiles.PARTS; column++) {
          int term = StridedTiles.place(row, column) * tiles.inBlocks * BLOCK + in;
          int to = tiles.filterPair(pair) + term * width;
          packPart(taken, PART_TAPS[row], PART_TAPS[column], outs, packed, to);
        }
      }
    }
    memory.give(taken);
  }

  /** The kernels of some output channels as {@code [tap][32]}. */
  private void gather(float[] filter, int from, int outs, float[] taken) {
    for (int out = 0; out < outs; out++) {
      int at = from + out * shape.inChannels() * TAPS;
      for (int t = 0; t < TAPS; t++) {
        taken[t * LANES + out] = filter[at + t];
      }
    }
  }

  /** Sums one, two or four taps for some output channels, and rounds once. */
  private static void packPart(
      float[] taken, int[] rows, int[] columns, int outs, float[] packed, int to) {
    int first = (3 * rows[0] + columns[0]) * LANES;
    int last = (3 * rows[rows.length - 1] + columns[columns.length - 1]) * LANES;
    if (rows.length + columns.length == 2) {
      System.arraycopy(taken, first, packed, to, outs);
    } else if (rows.length + columns.length == 3) {
      for (int out = 0; out < outs; out++) {
        packed[to + out] = taken[first + out] + taken[last + out];
      }
    } else {
      int right = (3 * rows[0] + columns[1]) * LANES;
      int below = (3 * rows[1] + columns[0]) * LANES;
      for (int out = 0; out < outs; out++) {
        double above = (double) taken[first + out] + taken[right + out];
        packed[to + out] = (float) (above + taken[below + out] + taken[last + out]);
      }
    }
  }

  @Override
  public void run(int worker, int count, Scratch scratch, ConvCall call) {
    float[] workspace = scratch.floats(scratchFloats());
    Choice shared = choice(count);
    int imageTiles = tiles.imageTiles();
    long end = shared.runs.start(worker + 1);
    for (long unit = shared.runs.start(worker); unit < end; ) {
      int first = (int) (unit % imageTiles);
      int until = (int) Math.min(imageTiles, first + end - unit);
      int part = (int) (unit / imageTiles % shared.parts);
      int image = (int) (unit / imageTiles / shared.parts);
      int firstPair = Workers.start(tiles.pairs, part, shared.parts);
      int endPair = Workers.start(tiles.pairs, part + 1, shared.parts);
      int blocks = Math.ceilDiv(until - first, tiles.blockTiles);
      for (int b = 0; b < blocks; b++) {
        int from = first + Workers.start(until - first, b, blocks);
        int to = first + Workers.start(until - first, b + 1, blocks);
        transformInput(image, from, to, workspace, call);
        for (int pair = firstPair; pair < endPair; pair++) {
          multiply(pair, to - from, workspace, call);
          transformOutput(image, pair, from, to, workspace, call);
        }
      }
      unit += until - first;
    }
  }

  private void transformInput(int image, int from, int to, float[] workspace, ConvCall call) {
    for (int block = 0; block < tiles.inBlocks; block++) {
      int plane = call.inputImage(image) + block * planeFloats;
      int target = block * tiles.blockTiles * BLOCK;
      for (int tile = from; tile < to; ) {
        int row = tile / tiles.columns;
        int column = tile % tiles.columns;
        int columns = Math.min(tiles.columns - column, to - tile);
        transformRow(call.input(), plane, row, column, column + columns, workspace, target);
        tile += columns;
        target += columns * BLOCK;
      }
    }
  }

  /** Neighbouring windows of a row of tiles: those inside together, others put together first. */
  private void transformRow(
      float[] src, int plane, int row, int first, int end, float[] workspace, int target) {
    int y = STEP * row - tiles.height.padBefore();
    boolean inside = y >= 0 && y + StridedTiles.PARTS <= tiles.height.input();
    int to = target;
    for (int tile = first; tile < end; ) {
      int x = STEP * tile - tiles.width.padBefore();
      int room = x < 0 ? 0 : (tiles.width.input() - StridedTiles.PARTS - x + STEP) / STEP;
      int count = inside ? Math.min(room, end - tile) : 0;
      if (count > 0) {
        transform(src, plane + y * rowFloats + x * BLOCK, rowFloats, workspace, to, count);
      } else {
        count = 1;
        int patch = Workspace.START + tiles.patch();
        copyWindow(src, plane, y, x, workspace, patch);
        transform(workspace, patch, StridedTiles.PARTS * BLOCK, workspace, to, 1);
      }
      tile += count;
      to += count * BLOCK;
    }
  }

  private void transform(float[] src, int from, int row, float[] workspace, int to, int count) {
    int second = from + 2 * row;
    StridedTransforms.input(src, from, second, workspace, parts[0], to, count);
    StridedTransforms.input(src, from + row, -1, workspace, parts[1], to, count);
    StridedTransforms.input(src, second, -1, workspace, parts[2], to, count);
    StridedTransforms.input(src, from + 4 * row, second, workspace, parts[3], to, count);
    StridedTransforms.input(src, from + 3 * row, -1, workspace, parts[4], to, count);
  }

  /** A window that reaches outside, where zeros stand. */
  private void copyWindow(float[] src, int plane, int y, int x, float[] dst, int to) {
    int size = StridedTiles.PARTS;
    Arrays.fill(dst, to, to + size * size * BLOCK, 0);
    int first = Math.max(0, -x);
    int columns = Math.min(size, tiles.width.input() - x) - first;
    for (int r = Math.max(0, -y); r < size && y + r < tiles.height.input(); r++) {
      if (columns > 0) {
        int from = plane + (y + r) * rowFloats + (x + first) * BLOCK;
        System.arraycopy(src, from, dst, to + (r * size + first) * BLOCK, columns * BLOCK);
      }
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
    Choice shared = choice(count);
    return cost(shared.runs.start(worker), shared.runs.start(worker + 1), shared.parts);
  }

  private double cost(long start, long end, int cut) {
    int imageTiles = tiles.imageTiles();
    double cost = 0;
    for (long unit = start; unit < end; ) {
      int first = (int) (unit % imageTiles);
      int until = (int) Math.min(imageTiles, first + end - unit);
      int part = (int) (unit / imageTiles % cut);
      int firstPair = Workers.start(tiles.pairs, part, cut);
      int endPair = Workers.start(tiles.pairs, part + 1, cut);
      int blocks = Math.ceilDiv(until - first, tiles.blockTiles);
      for (int b = 0; b < blocks; b++) {
        int from = first + Workers.start(until - first, b, blocks);
        int to = first + Workers.start(until - first, b + 1, blocks);
        cost += blockCost(to - from, firstPair, endPair);
      }
      unit += until - first;
    }
    return cost;
  }

  /** Transforms and products, which hide the filter's way from memory: measured at 16 tiles. */
  private double blockCost(int count, int firstPair, int endPair) {
    int outBlocks = Math.min(2 * endPair, tiles.outBlocks) - 2 * firstPair;
    int wide = outBlocks / 2;
    int single = outBlocks % 2;
    double cost =
        (double) count * tiles.inBlocks * StridedTiles.ALL_PARTS * INPUT_PART
            + (double) count * outBlocks * StridedTiles.ALL_PRODUCTS * OUTPUT_PRODUCT;
    for (int product = 0; product < StridedTiles.ALL_PRODUCTS; product++) {
      int terms = StridedTiles.parts(product) * tiles.inBlocks;
      cost += wide * BatchReduce.cost(2, count, terms);
      cost += single * BatchReduce.cost(1, count, terms);
    }
    return cost;
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
    float[] window = new float[StridedTiles.ALL_PARTS * BLOCK];
    float[] result = new float[StridedTiles.ALL_PARTS * BLOCK];
    int[] places = {0, BLOCK, 2 * BLOCK, 3 * BLOCK, 4 * BLOCK};
    WarmUp.drive(
        () -> {
          StridedTransforms.input(window, 0, -1, result, places, 0, 1);
          StridedTransforms.input(window, 0, BLOCK, result, places, 0, 1);
          StridedTransforms.output(window, 0, BLOCK, window, 0, result, 0, 2 * BLOCK, 1);
        },
        COMPILED_NANOS);
  }

  @Override
  public List<String> explain() {
    return List.of(
        "stride 2 with 25 products for 36: %d tiles of 2x2 outputs an image"
            .formatted(tiles.imageTiles()),
        "blocks of up to %d tiles, output channels in %d parts"
            .formatted(tiles.blockTiles, choice(workers).parts));
  }
}
