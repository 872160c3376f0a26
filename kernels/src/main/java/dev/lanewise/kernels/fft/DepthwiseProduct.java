package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;

/** At each frequency, the product of each channel with a filter of its own. */
final class DepthwiseProduct implements SpectrumProduct {

  private static final int BLOCK = Layout.BLOCK;

  private final FftGeometry geometry;
  private final int blocks;

  DepthwiseProduct(FftGeometry geometry) {
    this.geometry = geometry;
    blocks = Layout.blocks(geometry.shape().outChannels());
  }

  /** One block is in memory at once. */
  static FftGeometry geometry(ConvShape shape, int height, int width) {
    return FftGeometry.of(shape, height, width, 1, 1);
  }

  /** Whether every channel has one filter of its own. */
  static boolean fits(ConvShape shape) {
    return shape.inChannels() == shape.groups() && shape.outChannels() == shape.groups();
  }

  @Override
  public FftGeometry geometry() {
    return geometry;
  }

  @Override
  public int units() {
    return blocks;
  }

  @Override
  public int unitsTogether() {
    return 1;
  }

  @Override
  public int firstIn(int unit) {
    return unit;
  }

  @Override
  public int inBlocks(int unit) {
    return 1;
  }

  @Override
  public int firstOut(int unit) {
    return unit;
  }

  /** Floats of the filter of one frequency: {@code [plane][re, im]}. */
  private int chunk() {
    return geometry.depth().kernel() * Fft.COMPLEX;
  }

  @Override
  public long filterFloats() {
    return (long) blocks * geometry.frequencies() * chunk();
  }

  @Override
  public long scratchFloats() {
    return (long) geometry.rows().size() * Fft.COMPLEX;
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    FilterSpectra spectra = new FilterSpectra(geometry);
    for (int b = 0; b < blocks; b++) {
      for (int plane = 0; plane < geometry.depth().kernel(); plane++) {
        int base = b * geometry.frequencies() * chunk() + plane * Fft.COMPLEX;
        spectra.transformDepthwise(
            filter,
            b * BLOCK,
            plane,
            (column, row, values, re, im) ->
                System.arraycopy(
                    values,
                    re,
                    packed,
                    base + (column * geometry.rows().size() + row) * chunk(),
                    Fft.COMPLEX));
      }
    }
  }

  @Override
  public void column(
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
      ConvCall call) {
    TileAxis rows = geometry.rows();
    Fft fft = rows.fft();
    Axis depth = geometry.depth();
    int z = at + geometry.result(rows);
    int sum = at + geometry.products();
    int filter = (first * geometry.half() + column) * rows.size() * chunk();
    int to = base + (int) geometry.outSpectra() + column * geometry.outColumn();
    for (int tile = firstTile; tile < endTile; tile++) {
      Arrays.fill(own, sum, sum + rows.size() * Fft.COMPLEX, 0f);
      for (int tap = depth.firstTap(plane); tap < depth.endTap(plane); tap++) {
        int from =
            base
                + (tap * geometry.half() + column) * geometry.inColumn()
                + tile * rows.size() * Fft.COMPLEX;
        fft.run(false, spectra, from, Fft.COMPLEX, own, z, Fft.COMPLEX, own, at);
        int spectrum = filter + tap * Fft.COMPLEX;
        Spectra.multiplyAdd(own, z, call.weights(), spectrum, chunk(), own, sum, rows.size());
      }
      fft.run(true, own, sum, Fft.COMPLEX, own, z, Fft.COMPLEX, own, at);
      RowTransforms.keep(rows, own, z, spectra, to + tile * rows.outputs() * Fft.COMPLEX);
    }
  }

  @Override
  public List<Step> steps() {
    return List.of(Step.ROWS, Step.COLUMNS, Step.ROWS_BACK);
  }

  @Override
  public long apartFloats() {
    return 0;
  }

  @Override
  public void apart(
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
      ConvCall call) {
    throw new IllegalStateException("columns are not taken apart: " + step);
  }

  @Override
  public double cost(int first, int end, int tiles) {
    return (end - first) * tiles * 9.0 * geometry.rows().size() * geometry.depth().kernel();
  }

  @Override
  public void warmUp() {}

  @Override
  public String explain() {
    return "a complex product of each channel and frequency";
  }
}
