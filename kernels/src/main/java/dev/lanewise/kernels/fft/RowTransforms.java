package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.simd.Blocks;
import java.util.Arrays;

/**
 * Transforms along the rows of tiles, two real rows as one complex row: from the input to spectra
 * {@code [block][column][tile, row]}, and from such spectra to the output.
 */
final class RowTransforms {

  private static final int BLOCK = Layout.BLOCK;
  private static final float[] ZEROS = new float[BLOCK];

  private final FftGeometry geometry;
  private final TileAxis rows;
  private final TileAxis columns;
  private final int outPixels;

  /** Where a pair of rows and its transform lie, from the beginning of a worker's own memory. */
  private final int pair;

  private final int transformed;

  RowTransforms(FftGeometry geometry) {
    this.geometry = geometry;
    rows = geometry.rows();
    columns = geometry.columns();
    outPixels = geometry.shape().outputPixels();
    pair = geometry.result(columns);
    transformed = 3 * Math.max(rows.size(), columns.size()) * Fft.COMPLEX;
  }

  /**
   * Transforms pairs of input rows of one block and plane.
   *
   * @param block where the block begins in the input
   * @param plane the plane's first row
   * @param firstTile first tile, counted through rows of tiles
   * @param tiles how many tiles the job has
   * @param first first pair of the tiles' rows
   * @param end one past the last pair
   * @param to where the block's spectra begin
   * @param own the worker's own memory, from {@code at}
   */
  void forward(
      float[] input,
      int block,
      int plane,
      int firstTile,
      int tiles,
      int first,
      int end,
      float[] spectra,
      int to,
      float[] own,
      int at) {
    int count = tiles * rows.size();
    int z = at + pair;
    for (int row = 2 * first; row < Math.min(count, 2 * end); row += 2) {
      boolean upper = load(input, block, plane, firstTile, row, own, z);
      boolean lower =
          row + 1 < count && load(input, block, plane, firstTile, row + 1, own, z + Fft.IMAGINARY);
      int place = to + row * Fft.COMPLEX;
      if (!upper && !lower) {
        for (int k = 0; k < geometry.half(); k++) {
          int column = place + k * geometry.inColumn();
          Arrays.fill(spectra, column, column + 2 * Fft.COMPLEX, 0f);
        }
      } else {
        if (!upper || !lower) {
          int part = upper ? z + Fft.IMAGINARY : z;
          Blocks.copy(ZEROS, 0, 0, own, part, Fft.COMPLEX, columns.size());
        }
        separate(own, at, spectra, place);
      }
    }
  }

  private void separate(float[] own, int at, float[] spectra, int place) {
    Fft fft = columns.fft();
    int z = at + transformed;
    fft.run(false, own, at + pair, Fft.COMPLEX, own, z, Fft.COMPLEX, own, at);
    Spectra.separate(own, z, fft.size(), spectra, place, geometry.inColumn(), Fft.COMPLEX);
  }

  /** Brings a row of a tile in; false if it lies wholly in the padding. */
  private boolean load(
      float[] input, int block, int plane, int firstTile, int row, float[] memory, int to) {
    int tile = firstTile + row / rows.size();
    int h = rows.start(tile / columns.tiles()) + row % rows.size();
    if (h < 0 || h >= rows.axis().input()) {
      return false;
    }
    int width = columns.axis().input();
    int start = columns.start(tile % columns.tiles());
    int before = Math.clamp(-start, 0, columns.size());
    int end = Math.clamp(width - start, before, columns.size());
    int from = block + ((plane + h) * width + start + before) * BLOCK;
    Blocks.copy(ZEROS, 0, 0, memory, to, Fft.COMPLEX, before);
    Blocks.copy(input, from, BLOCK, memory, to + before * Fft.COMPLEX, Fft.COMPLEX, end - before);
    Blocks.copy(ZEROS, 0, 0, memory, to + end * Fft.COMPLEX, Fft.COMPLEX, columns.size() - end);
    return true;
  }

  /** Copies those of a column's rows that are outputs. */
  static void keep(TileAxis rows, float[] own, int from, float[] spectra, int to) {
    int stride = rows.axis().stride();
    if (stride == 1) {
      System.arraycopy(own, from, spectra, to, rows.outputs() * Fft.COMPLEX);
      return;
    }
    for (int row = 0; row < rows.outputs(); row++) {
      System.arraycopy(
          own, from + row * stride * Fft.COMPLEX, spectra, to + row * Fft.COMPLEX, Fft.COMPLEX);
    }
  }

  /**
   * Transforms pairs of output rows of one block back, adds the bias and finishes them.
   *
   * @param block the block of output channels
   * @param first first pair of the tiles' rows
   * @param end one past the last pair
   * @param from where the block's spectra begin
   * @param own the worker's own memory, from {@code at}
   */
  void backward(
      int image,
      int outPlane,
      int block,
      int firstTile,
      int tiles,
      int first,
      int end,
      float[] spectra,
      int from,
      float[] own,
      int at,
      ConvCall call) {
    int count = tiles * rows.outputs();
    for (int row = 2 * first; row < Math.min(count, 2 * end); row += 2) {
      int place = from + row * Fft.COMPLEX;
      if (row + 1 == count) {
        noPartner(spectra, place + Fft.COMPLEX);
      }
      join(spectra, place, own, at);
      for (int part = 0; part < Math.min(2, count - row); part++) {
        store(image, outPlane, block, firstTile, row + part, part, own, at, call);
      }
    }
  }

  private void noPartner(float[] spectra, int place) {
    for (int k = 0; k < geometry.half(); k++) {
      int column = place + k * geometry.outColumn();
      Arrays.fill(spectra, column, column + Fft.COMPLEX, 0f);
    }
  }

  private void join(float[] spectra, int place, float[] own, int at) {
    Fft fft = columns.fft();
    int z = at + pair;
    Spectra.join(spectra, place, geometry.outColumn(), Fft.COMPLEX, own, z, fft.size());
    fft.run(true, own, z, Fft.COMPLEX, own, at + transformed, Fft.COMPLEX, own, at);
  }

  private void store(
      int image,
      int outPlane,
      int block,
      int firstTile,
      int row,
      int part,
      float[] own,
      int at,
      ConvCall call) {
    int tile = firstTile + row / rows.outputs();
    int tileRow = tile / columns.tiles();
    int tileColumn = tile % columns.tiles();
    int within = row % rows.outputs();
    if (within >= rows.outputs(tileRow)) {
      return;
    }
    int height = rows.axis().output();
    int width = columns.axis().output();
    int pixel =
        (outPlane * height + tileRow * rows.outputs() + within) * width
            + tileColumn * columns.outputs();
    int pixels = columns.outputs(tileColumn);
    Spectra.addTo(
        own,
        at + transformed + part * Fft.IMAGINARY,
        columns.axis().stride() * Fft.COMPLEX,
        call.bias(),
        block * BLOCK,
        call.output(),
        call.outputImage(image) + (block * outPixels + pixel) * BLOCK,
        pixels);
    call.finish(image, block, pixel, pixels);
  }
}
