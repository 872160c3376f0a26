package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
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
  private final Axis depth;
  private final int inPlane;
  private final int outPixels;
  private final int z;
  private final int work;

  RowTransforms(FftGeometry geometry) {
    this.geometry = geometry;
    rows = geometry.rows();
    columns = geometry.columns();
    depth = geometry.depth();
    inPlane = geometry.shape().inputPixels() * BLOCK;
    outPixels = geometry.shape().outputPixels();
    work = (int) geometry.work();
    z = work + 2 * columns.size() * Fft.COMPLEX;
  }

  /**
   * Transforms the input rows of tiles.
   *
   * @param image where the first block of the image's input begins
   * @param outPlane plane of the output
   * @param block the block of input channels that comes first in memory
   * @param blocks how many
   * @param firstTile first tile, counted through rows of tiles
   */
  void forward(
      float[] input,
      int image,
      int outPlane,
      int block,
      int blocks,
      int firstTile,
      int tiles,
      float[] memory) {
    for (int tap = depth.firstTap(outPlane); tap < depth.endTap(outPlane); tap++) {
      int plane = depth.position(outPlane, tap) * rows.axis().input();
      for (int b = 0; b < blocks; b++) {
        int from = image + (block + b) * inPlane;
        int to = (tap * geometry.inBlocks() + b) * geometry.half() * geometry.inColumn();
        forward(input, from, plane, firstTile, tiles, memory, to);
      }
    }
  }

  private void forward(
      float[] input, int block, int plane, int firstTile, int tiles, float[] memory, int to) {
    int count = tiles * rows.size();
    for (int row = 0; row < count; row += 2) {
      boolean first = load(input, block, plane, firstTile, row, memory, z);
      boolean second =
          row + 1 < count
              && load(input, block, plane, firstTile, row + 1, memory, z + Fft.IMAGINARY);
      int place = to + row * Fft.COMPLEX;
      if (!first && !second) {
        for (int k = 0; k < geometry.half(); k++) {
          int at = place + k * geometry.inColumn();
          Arrays.fill(memory, at, at + 2 * Fft.COMPLEX, 0f);
        }
      } else {
        if (!first || !second) {
          int part = first ? z + Fft.IMAGINARY : z;
          Blocks.copy(ZEROS, 0, 0, memory, part, Fft.COMPLEX, columns.size());
        }
        separate(memory, place);
      }
    }
  }

  private void separate(float[] memory, int place) {
    Fft fft = columns.fft();
    int size = fft.size();
    int spectrum = work + 3 * Math.max(rows.size(), size) * Fft.COMPLEX;
    fft.run(false, memory, z, Fft.COMPLEX, memory, spectrum, Fft.COMPLEX, memory, work);
    Spectra.separate(memory, spectrum, size, memory, place, geometry.inColumn(), Fft.COMPLEX);
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
  static void keep(TileAxis rows, float[] memory, int from, int to) {
    int stride = rows.axis().stride();
    if (stride == 1) {
      System.arraycopy(memory, from, memory, to, rows.outputs() * Fft.COMPLEX);
      return;
    }
    for (int row = 0; row < rows.outputs(); row++) {
      System.arraycopy(
          memory, from + row * stride * Fft.COMPLEX, memory, to + row * Fft.COMPLEX, Fft.COMPLEX);
    }
  }

  /**
   * Transforms output rows back, adds the bias and finishes them.
   *
   * @param block the block of output channels that comes first in memory
   * @param blocks how many
   */
  void backward(
      int image,
      int outPlane,
      int block,
      int blocks,
      int firstTile,
      int tiles,
      float[] memory,
      ConvCall call) {
    int count = tiles * rows.outputs();
    for (int b = 0; b < blocks; b++) {
      int from = (int) geometry.outSpectra() + b * geometry.half() * geometry.outColumn();
      for (int row = 0; row < count; row += 2) {
        int place = from + row * Fft.COMPLEX;
        if (row + 1 == count) {
          noPartner(memory, place + Fft.COMPLEX);
        }
        join(memory, place);
        for (int part = 0; part < Math.min(2, count - row); part++) {
          store(image, outPlane, block + b, firstTile, row + part, part, memory, call);
        }
      }
    }
  }

  private void noPartner(float[] memory, int place) {
    for (int k = 0; k < geometry.half(); k++) {
      int at = place + k * geometry.outColumn();
      Arrays.fill(memory, at, at + Fft.COMPLEX, 0f);
    }
  }

  private void join(float[] memory, int place) {
    Fft fft = columns.fft();
    int size = fft.size();
    int signal = work + 3 * Math.max(rows.size(), size) * Fft.COMPLEX;
    Spectra.join(memory, place, geometry.outColumn(), Fft.COMPLEX, memory, z, size);
    fft.run(true, memory, z, Fft.COMPLEX, memory, signal, Fft.COMPLEX, memory, work);
  }

  private void store(
      int image,
      int outPlane,
      int block,
      int firstTile,
      int row,
      int part,
      float[] memory,
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
    int signal = work + 3 * Math.max(rows.size(), columns.size()) * Fft.COMPLEX;
    Spectra.addTo(
        memory,
        signal + part * Fft.IMAGINARY,
        columns.axis().stride() * Fft.COMPLEX,
        call.bias(),
        block * BLOCK,
        call.output(),
        call.outputImage(image) + (block * outPixels + pixel) * BLOCK,
        pixels);
    call.finish(image, block, pixel, pixels);
  }
}
