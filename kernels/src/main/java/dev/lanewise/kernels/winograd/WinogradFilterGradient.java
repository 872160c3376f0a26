package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.FilterReduce;
import dev.lanewise.kernels.simd.Interleave;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gradient by filter of F(m x m, r x r), the transpose of the convolution's own steps:
 *
 * <pre>dg = sum over tiles of G^T [ (B^T d B) * (A dy A^T) ] G</pre>
 *
 * <p>Input and gradient are transformed for a chunk of tiles; each product is then summed over the
 * tiles by {@link FilterReduce}, for some output channels and blocks of input channels whose sums
 * stay in the second-level cache; and those are transformed into the filter, which is taken outside
 * of the sum. Chunks follow from the shape alone and every sum is one chain over the tiles of a
 * chunk, so results do not depend on the number of threads.
 */
public final class WinogradFilterGradient {

  private static final int BLOCK = Tiling.BLOCK;
  private static final int ROWS = FilterReduce.ROWS;

  /** An element of a tile, transformed. */
  private static final double TRANSFORMED = 12;

  /** The beginning and end of the sum of a product. */
  private static final double STARTED = 6;

  /** A summed product, transformed. */
  private static final double SUMMED = 8;

  /** A tap, laid out. */
  private static final double WRITTEN = 28;

  private final FilterReduce kernel = FilterReduce.get();
  private final Tiling tiling;
  private final GradientPlanes planes;
  private final GradientPanel[] panels;
  private final FilterGradientTransform toFilter;
  private final WindowTransform inputTransform;
  private final WindowTransform gradientTransform;
  private final float[] inputPlanes;
  private final float[] gradientPlanes;

  /** Groups of 8 output channels of a channel group. */
  private final int rows;

  private final Task transform = this::transform;
  private final Task sum = this::sum;
  private float[] input;
  private float[] gradOutput;
  private float[] gradFilter;
  private int chunk;

  /**
   * Prepares F(m x m, r x r) for a shape that {@link #objection} has nothing against.
   *
   * @param outputs m
   */
  public WinogradFilterGradient(ConvShape shape, int outputs) {
    tiling = new Tiling(shape, outputs);
    planes = new GradientPlanes(tiling);
    rows = Math.ceilDiv(shape.outChannels() / shape.groups(), ROWS);
    panels = GradientPanel.all(tiling.inBlocks);
    toFilter = new FilterGradientTransform(tiling, ROWS);
    inputTransform = new WindowTransform(tiling, false);
    gradientTransform = new WindowTransform(tiling, true);
    inputPlanes = new float[(int) planes.floats(tiling.inBlocks)];
    gradientPlanes = new float[(int) planes.floats(tiling.outBlocks)];
  }

  /** Why F(m x m, r x r) cannot compute the gradient by filter of a shape, if it cannot. */
  public static Optional<String> objection(ConvShape shape, int outputs) {
    return WinogradConvolution.objection(shape, outputs)
        .or(
            () -> {
              Tiling tiling = new Tiling(shape, outputs);
              if (tiling.depth.kernel() > 1) {
                return Optional.of("%d taps of depth".formatted(tiling.depth.kernel()));
              }
              GradientPlanes planes = new GradientPlanes(tiling);
              long floats = planes.floats(Math.max(tiling.inBlocks, tiling.outBlocks));
              return floats > Integer.MAX_VALUE
                  ? Optional.of("planes of %d floats exceed 2^31 - 1".formatted(floats))
                  : Optional.empty();
            });
  }

  /**
   * Computes the gradient.
   *
   * @param x NCHW16C
   * @param dy NCHW16C
   * @param result {@code [outChannels][inChannels / groups][kernel...]}, overwritten
   */
  public void run(float[] x, float[] dy, float[] result, Workers workers) {
    input = x;
    gradOutput = dy;
    gradFilter = result;
    try {
      for (chunk = 0; chunk < planes.chunks; chunk++) {
        workers.run(transform);
        workers.run(sum);
      }
    } finally {
      input = null;
      gradOutput = null;
      gradFilter = null;
    }
  }

  /** Transforms a share of the chunk's tiles: the blocks of the input, then of the gradient. */
  private void transform(int worker, int workers, Scratch scratch) {
    float[] memory = scratch.floats(WindowTransform.scratchFloats(tiling));
    int firstSpan = planes.first(chunk);
    int spans = planes.first(chunk + 1) - firstSpan;
    int inBlocks = tiling.groups * tiling.inBlocks;
    int units = (inBlocks + tiling.groups * tiling.outBlocks) * spans;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; ) {
      int block = unit / spans;
      int from = unit % spans;
      int to = Math.min(spans, from + end - unit);
      boolean ofInput = block < inBlocks;
      transformBlock(
          ofInput ? inputTransform : gradientTransform,
          ofInput ? input : gradOutput,
          ofInput ? inputPlanes : gradientPlanes,
          ofInput ? block : block - inBlocks,
          ofInput ? tiling.inBlocks : tiling.outBlocks,
          firstSpan + from,
          firstSpan + to,
          memory);
      unit += to - from;
    }
  }

  private void transformBlock(
      WindowTransform windows,
      float[] src,
      float[] dst,
      int block,
      int blocks,
      int from,
      int to,
      float[] memory) {
    int plane = planes.plane(blocks);
    int group = block / blocks;
    int tile = tiling.tiles(planes.first(chunk), from);
    int place =
        Workspace.START
            + group * tiling.products * plane
            + block % blocks * planes.blockFloats()
            + tile * BLOCK;
    int image = src.length / tiling.shape.batch();
    windows.run(src, 0, image, block, 0, from, to, dst, place, plane, memory, Workspace.START);
    if (to == planes.first(chunk + 1)) {
      clear(dst, place + tiling.tiles(from, to) * BLOCK, planes.padding(chunk), plane);
    }
  }

  /** Tiles that the last run has too many would else be those of another chunk. */
  private void clear(float[] dst, int from, int tiles, int plane) {
    for (int product = 0; product < tiling.products; product++) {
      int place = from + product * plane;
      Arrays.fill(dst, place, place + tiles * BLOCK, 0f);
    }
  }

  /** Sums and transforms a share of the panels and output channels. */
  private void sum(int worker, int workers, Scratch scratch) {
    float[] memory = scratch.floats(toFilter.scratchFloats());
    int units = tiling.groups * panels.length * rows;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int row = unit % rows;
      GradientPanel panel = panels[unit / rows % panels.length];
      int group = unit / rows / panels.length;
      sumPanel(group, panel, row * ROWS, memory);
      toFilter.run(group, panel, row * ROWS, ROWS, memory, gradFilter, chunk > 0);
    }
  }

  /** Sums the products of a panel and 8 output channels: {@code [product][channel][block][16]}. */
  private void sumPanel(int group, GradientPanel panel, int firstChannel, float[] memory) {
    int inPlane = planes.plane(tiling.inBlocks);
    int outPlane = planes.plane(tiling.outBlocks);
    int in =
        Workspace.START + group * tiling.products * inPlane + panel.first() * planes.blockFloats();
    int gradient =
        Workspace.START
            + group * tiling.products * outPlane
            + firstChannel / BLOCK * planes.blockFloats()
            + firstChannel % BLOCK;
    for (int block = 0; block < panel.blocks(); block += panel.step()) {
      kernel.products(
          false,
          tiling.products,
          planes.runs(chunk),
          planes.trip,
          Math.min(panel.step(), panel.blocks() - block),
          inputPlanes,
          in + block * planes.blockFloats(),
          planes.blockFloats(),
          inPlane,
          gradientPlanes,
          gradient,
          outPlane,
          memory,
          block * BLOCK,
          panel.blocks() * BLOCK,
          BLOCK,
          toFilter.plane(panel));
    }
  }

  /** Calls the transforms and sums until they are compiled. */
  public void warmUp() {
    Interleave.warmUp(tiling.shape.kernelTaps(), planes.chunks > 1);
    for (GradientPanel panel : panels) {
      for (int block = 0; block < panel.blocks(); block += panel.step()) {
        kernel.warmUpProducts(false, Math.min(panel.step(), panel.blocks() - block), planes.trip);
      }
    }
    Transforms.warmUpGradient(tiling.height.transform);
    Transforms.warmUpGradient(tiling.width.transform);
  }

  /**
   * Estimated work in vector multiply-adds of 16 lanes, to be compared with that of sums over
   * pixels. The constants were measured on a Zen 4 core.
   */
  public static double cost(ConvShape shape, int outputs) {
    Tiling tiling = new Tiling(shape, outputs);
    GradientPlanes planes = new GradientPlanes(tiling);
    double transforms =
        (double) (tiling.inBlocks + tiling.outBlocks)
            * tiling.tiles()
            * tiling.products
            * TRANSFORMED;
    double sum = 0;
    for (int chunk = 0; chunk < planes.chunks; chunk++) {
      sum +=
          tiling.products * ((double) planes.runs(chunk) * planes.trip + STARTED)
              + tiling.products * SUMMED
              + shape.kernelTaps() * WRITTEN;
    }
    return tiling.groups * (transforms + sum * tiling.inBlocks * tiling.outBlocks * BLOCK);
  }

  /** How the work is cut. */
  public List<String> explain() {
    return List.of(
        "F(%dx%d, %dx%d): %d tiles of %d products in %d chunk%s, %d KiB transformed"
            .formatted(
                tiling.height.transform.outputs(),
                tiling.width.transform.outputs(),
                tiling.height.transform.taps(),
                tiling.width.transform.taps(),
                tiling.tiles(),
                tiling.products,
                planes.chunks,
                planes.chunks == 1 ? "" : "s",
                ((long) inputPlanes.length + gradientPlanes.length) * Float.BYTES / 1024),
        "%d panels of up to %d blocks of input channels, %d x %d output channels"
            .formatted(tiling.groups * panels.length, panels[0].blocks(), rows, ROWS));
  }
}
