package dev.lanewise.kernels.im2col;

/**
 * What is done to output values as soon as their sums are complete, while they are in the cache.
 */
@FunctionalInterface
public interface Epilogue {

  /** Leaves the sums as they are. */
  Epilogue NONE = (output, from, to, channels) -> {};

  /**
   * Finishes whole pixels of one channel block, in place.
   *
   * @param from first index, where a pixel begins
   * @param to one past the last
   * @param channels lanes of the block that are channels, 1 to 16; the others are zero
   */
  void finish(float[] output, int from, int to, int channels);
}
