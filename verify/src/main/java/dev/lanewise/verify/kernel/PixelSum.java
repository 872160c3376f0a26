package dev.lanewise.verify.kernel;

import dev.lanewise.kernels.simd.FilterReduce;

/** A sum over pixels, as gradients by filter are. */
sealed interface PixelSum extends MicroKernel permits FilterKernel, ProductKernel {

  /** Blocks of 16 input channels. */
  int blocks();

  @Override
  default String tile() {
    return FilterReduce.get().tileRows() + "x" + FilterReduce.get().tileVectors(blocks());
  }
}
