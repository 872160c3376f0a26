package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.plan.ConvCall;

/** The products of spectra, one column of frequencies at a time. */
sealed interface SpectrumProduct permits DenseProduct, DepthwiseProduct {

  /** The sizes it was made for. */
  FftGeometry geometry();

  /** Output units: what of the output can be computed on its own. */
  int units();

  /** Units that share their transformed input. */
  int unitsTogether();

  /** First block of the input of a unit. */
  int firstIn(int unit);

  /** Blocks of the input of a unit. */
  int inBlocks(int unit);

  /** First block of the output of a unit, for {@link #units()} one past the last. */
  int firstOut(int unit);

  long filterFloats();

  long scratchFloats();

  /** Lays out a filter's spectra. */
  void pack(float[] filter, float[] packed);

  /**
   * Transforms one column of the input rows' spectra, multiplies it with the filter's, and
   * transforms back what the output rows need of it.
   *
   * @param column which one
   * @param plane plane of the output
   * @param first first unit
   * @param end one past the last unit, at most {@link #unitsTogether()} later
   * @param tiles how many there are
   */
  void column(int column, int plane, int first, int end, int tiles, float[] memory, ConvCall call);

  /** Estimated work of the products of some units and tiles. */
  double cost(int first, int end, int tiles);

  void warmUp();

  String explain();
}
