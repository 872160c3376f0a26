package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Interleave;
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

  /** An element of a tile, transformed. */
  private static final double TRANSFORMED = 12;

  /** The beginning and end of the sum of a product. */
  private static final double STARTED = 6;

  /** A summed product, transformed. */
  private static final double SUMMED = 8;

  /** A tap, laid out. */
  private static final double WRITTEN = 28;

  private final Tiling tiling;
  private final GradientPlanes planes;
  private final GradientChunk chunks;
  private final GradientTask task;

  /**
   * Prepares F(m x m, r x r) for a shape that {@link #objection} has nothing against.
   *
   * @param outputs m
   */
  public WinogradFilterGradient(ConvShape shape, int outputs) {
    tiling = new Tiling(shape, outputs);
    planes = new GradientPlanes(tiling);
    chunks = new GradientChunk(tiling, planes);
    task =
        planes.own
            ? new OwnChunks(tiling, planes, chunks)
            : new CommonChunks(tiling, planes, chunks);
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
              long floats = new GradientPlanes(tiling).floats();
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
    task.run(x, dy, result, workers);
  }

  /** Calls the transforms and sums until they are compiled. */
  public void warmUp() {
    Interleave.warmUp(tiling.shape.kernelTaps(), !planes.own && planes.chunks > 1);
    chunks.warmUp();
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
                planes.floats() * Float.BYTES / 1024),
        "%d panels of up to %d blocks of input channels, %d x %d output channels"
            .formatted(
                tiling.groups * chunks.panels.length,
                chunks.panels[0].blocks(),
                chunks.rows,
                GradientChunk.ROWS));
  }
}
