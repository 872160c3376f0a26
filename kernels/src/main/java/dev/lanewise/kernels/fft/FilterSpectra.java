package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;

/** Transforms of 16 kernels at a time, conjugated and scaled as products of spectra need them. */
final class FilterSpectra {

  private static final int BLOCK = 16;

  /** Takes one coefficient of 16 kernels. */
  interface Sink {
    void accept(int column, int row, float[] values, int re, int im);
  }

  private final FftGeometry geometry;
  private final ConvShape shape;
  private final int taps;
  private final float[] kernels;
  private final float[] signal;
  private final float[] spectra;
  private final float[] column;
  private final float[] work;

  FilterSpectra(FftGeometry geometry) {
    this.geometry = geometry;
    shape = geometry.shape();
    taps = geometry.rows().axis().kernel() * geometry.columns().axis().kernel();
    kernels = new float[taps * BLOCK];
    signal = new float[geometry.columns().size() * Fft.COMPLEX];
    spectra = new float[geometry.half() * rowFloats()];
    column = new float[geometry.rows().size() * Fft.COMPLEX];
    work = new float[2 * Math.max(signal.length, column.length)];
  }

  /** A column with room for the partner of a last row that has none. */
  private int rowFloats() {
    TileAxis rows = geometry.rows();
    return (rows.size() + rows.axis().dilation()) * Fft.COMPLEX;
  }

  /**
   * Transforms the kernels of 16 output channels for one input channel.
   *
   * @param filter {@code [outChannels][inChannels / groups][depth][height][width]}
   * @param firstOut first output channel; what lies beyond the last or in other groups is zero
   * @param in input channel
   */
  void transform(float[] filter, int firstOut, int in, int plane, Sink sink) {
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    Arrays.fill(kernels, 0);
    for (int lane = 0; lane < BLOCK; lane++) {
      int out = firstOut + lane;
      if (out < shape.outChannels() && out / outPerGroup == in / inPerGroup) {
        lane(filter, out, in % inPerGroup, plane, lane);
      }
    }
    transform(sink);
  }

  /** Transforms the kernels of 16 channels of a depthwise convolution. */
  void transformDepthwise(float[] filter, int first, int plane, Sink sink) {
    Arrays.fill(kernels, 0);
    for (int lane = 0; lane < Math.min(BLOCK, shape.outChannels() - first); lane++) {
      lane(filter, first + lane, 0, plane, lane);
    }
    transform(sink);
  }

  private void lane(float[] filter, int out, int inOfGroup, int plane, int lane) {
    int inPerGroup = shape.inChannels() / shape.groups();
    int from = ((out * inPerGroup + inOfGroup) * geometry.depth().kernel() + plane) * taps;
    for (int t = 0; t < taps; t++) {
      kernels[t * BLOCK + lane] = filter[from + t];
    }
  }

  private void transform(Sink sink) {
    rows();
    TileAxis rows = geometry.rows();
    // Separating pairs of real rows doubled both factors; the inverse multiplies by the size.
    float scale = 0.25f / (rows.size() * geometry.columns().size());
    for (int k = 0; k < geometry.half(); k++) {
      rows.fft().run(false, spectra, k * rowFloats(), Fft.COMPLEX, column, 0, Fft.COMPLEX, work, 0);
      for (int row = 0; row < rows.size(); row++) {
        int re = row * Fft.COMPLEX;
        int im = re + Fft.IMAGINARY;
        for (int c = 0; c < BLOCK; c++) {
          column[re + c] *= scale;
          // Correlation is a product with the conjugate.
          column[im + c] *= -scale;
        }
        sink.accept(k, row, column, re, im);
      }
    }
  }

  private void rows() {
    Axis height = geometry.rows().axis();
    Axis width = geometry.columns().axis();
    Fft fft = geometry.columns().fft();
    Arrays.fill(spectra, 0);
    for (int r = 0; r < height.kernel(); r += 2) {
      Arrays.fill(signal, 0);
      for (int part = 0; part < Math.min(2, height.kernel() - r); part++) {
        for (int w = 0; w < width.kernel(); w++) {
          System.arraycopy(
              kernels,
              ((r + part) * width.kernel() + w) * BLOCK,
              signal,
              w * width.dilation() * Fft.COMPLEX + part * Fft.IMAGINARY,
              BLOCK);
        }
      }
      int size = fft.size();
      float[] z = new float[size * Fft.COMPLEX];
      fft.run(false, signal, 0, Fft.COMPLEX, z, 0, Fft.COMPLEX, work, 0);
      int dilation = height.dilation();
      Spectra.separate(
          z, 0, size, spectra, r * dilation * Fft.COMPLEX, rowFloats(), dilation * Fft.COMPLEX);
    }
  }
}
