package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.ConvShape;
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
 * of the sum. Few tiles of F(4x4, 3x3) have sums too short to be stored in between: {@link
 * FewTiles}. Chunks follow from the shape alone and every sum is one chain over the tiles of a
 * chunk, so results do not depend on the number of threads.
 */
public final class WinogradFilterGradient {

  private static final int BLOCK = Tiling.BLOCK;

  /** An element of a tile, transformed. */
  private static final double TRANSFORMED = 12;

  /** The beginning and end of the sum of a product. */
  private static final double STARTED = 4;

  /** A summed product, transformed. */
  private static final double SUMMED = 6;

  /** A tap, laid out. */
  private static final double WRITTEN = 28;

  private final GradientTask task;

  /**
   * Prepares F(m x m, r x r) for a shape that {@link #objection} has nothing against.
   *
   * @param outputs m
   */
  public WinogradFilterGradient(ConvShape shape, int outputs) {
    Tiling tiling = new Tiling(shape, outputs);
    GradientPlanes planes = new GradientPlanes(tiling);
    if (isOfFewTiles(tiling, planes)) {
      task = new FewTiles(tiling);
    } else if (planes.own) {
      task = new OwnChunks(tiling, planes);
    } else {
      task = new CommonChunks(tiling, planes);
    }
  }

  private static boolean isOfFewTiles(Tiling tiling, GradientPlanes planes) {
    return FewTiles.suits(tiling) && FewTiles.cost(tiling) < cost(tiling, planes);
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
   * @param call its operands, the filter's gradient {@code [outChannels][inChannels /
   *     groups][kernel...]}
   */
  public void run(FilterGradientCall call, Workers workers) {
    task.run(call, workers);
  }

  /** Calls the transforms and sums until they are compiled. */
  public void warmUp() {
    task.warmUp();
  }

  /**
   * Estimated work in vector multiply-adds of 16 lanes, to be compared with that of sums over
   * pixels. The constants were measured on a Zen 4 core.
   */
  public static double cost(ConvShape shape, int outputs) {
    Tiling tiling = new Tiling(shape, outputs);
    GradientPlanes planes = new GradientPlanes(tiling);
    double chunked = cost(tiling, planes);
    return FewTiles.suits(tiling) ? Math.min(FewTiles.cost(tiling), chunked) : chunked;
  }

  /** The work of sums over chunks of tiles. */
  private static double cost(Tiling tiling, GradientPlanes planes) {
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
              + tiling.shape.kernelTaps() * WRITTEN;
    }
    return tiling.groups * (transforms + sum * tiling.inBlocks * tiling.outBlocks * BLOCK);
  }

  /** How the work is cut. */
  public List<String> explain() {
    return task.explain();
  }
}
