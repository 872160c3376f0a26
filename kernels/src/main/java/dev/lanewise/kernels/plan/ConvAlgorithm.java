package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.depthwise.DepthwiseConvolution;
import dev.lanewise.kernels.direct.DirectConvolution;
import dev.lanewise.kernels.fft.FftConvolution;
import dev.lanewise.kernels.grouped.GroupedConvolution;
import dev.lanewise.kernels.im2col.Im2colConvolution;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.separable.SeparableConvolution;
import dev.lanewise.kernels.strassen.StrassenConvolution;
import dev.lanewise.kernels.transposed.DepthwisePhases;
import dev.lanewise.kernels.transposed.PhaseConvolution;
import dev.lanewise.kernels.winograd.StridedWinograd;
import dev.lanewise.kernels.winograd.WinogradConvolution;
import java.util.List;

/**
 * An algorithm prepared for one shape: immutable tables, and loops that use them.
 *
 * <p>Programs use {@link ConvPlan}; this is what a plan drives. Implementations allocate nothing in
 * {@link #run}, write every output once, leave the padding lanes of the last channel block zero and
 * give the same bits for any number of workers, any lane width and any position in the batch.
 */
public sealed interface ConvAlgorithm
    permits DirectConvolution,
        GroupedConvolution,
        Im2colConvolution,
        FftConvolution,
        PhaseConvolution,
        DepthwisePhases,
        WinogradConvolution,
        StridedWinograd,
        StrassenConvolution,
        DepthwiseConvolution,
        SeparableConvolution {

  /** Cycles to bring one float of a filter to its place; measured on 3x3 and 1x1 filters. */
  double PACK_COST = 4;

  /** Floats of the packed filter. */
  int filterFloats();

  /**
   * What the packed filter depends on besides the channels, groups and kernel: a filter packed with
   * an equal value fits. Empty for most algorithms.
   */
  default List<Integer> filterVariant() {
    return List.of();
  }

  /** Whether {@link #run} can read an input that is NCHW: see {@link ConvCall#planar}. */
  default boolean takesPlanar() {
    return false;
  }

  /** Floats of scratch that each worker needs. */
  int scratchFloats();

  /**
   * Lays a filter out for this algorithm.
   *
   * @param filter {@code [outChannels][inChannels / groups][kernel...]}
   * @param packed {@link #filterFloats()} zeros, or what this method left there before
   */
  void pack(float[] filter, float[] packed);

  /** One worker's share of {@link #pack(float[], float[])}: all or nothing, if it is not cut. */
  default void pack(float[] filter, float[] packed, int worker, int workers) {
    if (worker == 0) {
      pack(filter, packed);
    }
  }

  /**
   * Computes one worker's share of {@link ConvCall#stage}. The last stage to write a piece of the
   * output finishes it with {@link ConvCall#finish}.
   */
  void run(int worker, int workers, Scratch scratch, ConvCall call);

  /** How often so many workers meet: most algorithms need one stage, and nothing in common. */
  default int stages(int workers) {
    return 1;
  }

  /** Floats of memory that so many workers need in common. */
  default int commonFloats(int workers) {
    return 0;
  }

  /**
   * Estimated work of one worker's share, in vector multiply-adds of 16 lanes that hide all other
   * instructions. What several workers do again, each for itself, counts for each.
   */
  double cost(int worker, int workers);

  /**
   * Estimated work that a filter makes which changes before each run, in the unit of {@link #cost}:
   * {@link #pack(float[], float[])} on one thread, and waiting for it where it is out of the caches
   * by then.
   */
  default double packCost() {
    return PACK_COST * filterFloats();
  }

  /** The part of {@link #cost(int, int)} that belongs to a stage. */
  default double cost(int stage, int worker, int workers) {
    return cost(worker, workers);
  }

  /**
   * Calls the micro-kernels that {@link #run} will call until they are compiled.
   *
   * @param residual whether the calls will have one
   */
  void warmUp(boolean residual);

  /** How the work is cut up, one fact a line. */
  List<String> explain();
}
