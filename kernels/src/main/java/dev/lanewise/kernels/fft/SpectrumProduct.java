package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.plan.ConvCall;
import java.util.List;

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

  /** Floats that {@link #column} needs behind {@link FftGeometry#products}. */
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
   * @param end one past the last unit, the end of those that share their input
   * @param firstTile first tile of the job
   * @param endTile one past the last tile
   * @param spectra the job's spectra, from {@code base}
   * @param own the worker's own memory, from {@code at}
   */
  void column(
      int column,
      int plane,
      int first,
      int end,
      int firstTile,
      int endTile,
      float[] spectra,
      int base,
      float[] own,
      int at,
      ConvCall call);

  /** The steps of a job whose workers meet, in order. */
  List<Step> steps();

  /** Floats behind a job's spectra that {@link #apart} needs. */
  long apartFloats();

  /**
   * Does part of a row of a step.
   *
   * @param plane plane of the output
   * @param unit the job's first unit
   * @param row row of the step
   * @param first first unit of the row
   * @param end one past the last
   * @param tiles tiles of the job
   * @param spectra the job's spectra from {@code base}, and {@link #apartFloats()} behind them
   * @param own the worker's own memory
   */
  void apart(
      Step step,
      int plane,
      int unit,
      int row,
      int first,
      int end,
      int tiles,
      float[] spectra,
      int base,
      float[] own,
      ConvCall call);

  /** Estimated work of the products of one column of some units and tiles. */
  double cost(int first, int end, int tiles);

  /** Compiles the products. */
  void warmUp();

  String explain();
}
