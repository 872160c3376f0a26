package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.FilterReduce;

/** A sum over runs of pixels, as gradients by filter are. */
sealed interface PixelSum extends MicroKernel permits FilterKernel, ProductKernel {

  /** Blocks of 16 output channels. */
  int blocks();

  /** Pixels of a run. */
  int trip();

  @Override
  default String tile() {
    return FilterReduce.get().tileRows() + "x" + FilterReduce.get().tileVectors(blocks());
  }

  @Override
  default double expected() {
    FilterReduce kernel = FilterReduce.get();
    return Expectation.ofRuns(kernel.tileRows(), kernel.tileVectors(blocks()), trip());
  }
}
