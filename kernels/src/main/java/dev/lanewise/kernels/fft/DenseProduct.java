package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.direct.OutputGroup;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;
import java.util.List;

/**
 * At each frequency, the product of the matrix [tiles x input channels] with the filter's [input
 * channels x output channels], on the batch-reduce kernel.
 *
 * <p>The real and the imaginary part of a tile are two pixels. The input lies there twice, as (re,
 * im) and turned by a right angle as (-im, re): the sum of the first times the filter's real part
 * and of the second times its imaginary part is the complex product.
 */
final class DenseProduct implements SpectrumProduct {

  private static final int BLOCK = Layout.BLOCK;
  private static final int SECOND_LEVEL = 1 << 20;
  private static final int THIRD_LEVEL = 24 << 20;
  private static final float[] ZEROS = new float[2 * BLOCK];

  private final FftGeometry geometry;
  private final BatchReduce kernel = BatchReduce.get();
  private final OutputGroup[] groups;

  /**
   * By output plane, then by output group; made when first asked for, since planning weighs many
   * products and runs one.
   */
  private volatile Taps[][] taps;

  private final DenseFilter filter;

  DenseProduct(FftGeometry geometry) {
    this.geometry = geometry;
    groups = groups(geometry.shape());
    filter = new DenseFilter(geometry, groups);
  }

  /** The tables of each output plane and group; equal ones, whichever thread made them. */
  private Taps[][] taps() {
    Taps[][] known = taps;
    if (known == null) {
      Axis depth = geometry.depth();
      known = new Taps[depth.output()][groups.length];
      for (int plane = 0; plane < depth.output(); plane++) {
        for (int g = 0; g < groups.length; g++) {
          known[plane][g] = taps(depth.firstTap(plane), depth.endTap(plane), g);
        }
      }
      taps = known;
    }
    return known;
  }

  /** Blocks of input and output that are in memory at once. */
  static FftGeometry geometry(ConvShape shape, int height, int width) {
    if (shape.groups() == 1) {
      int in = Layout.blocks(shape.inChannels());
      int out = Layout.blocks(shape.outChannels());
      return FftGeometry.of(shape, height, width, in, out);
    }
    int in = 1;
    int out = 1;
    for (OutputGroup group : groups(shape)) {
      in = Math.max(in, group.inBlocks());
      out = Math.max(out, group.blocks());
    }
    return FftGeometry.of(shape, height, width, in, out);
  }

  /** The output groups, whose own filter places are those of single taps and not used. */
  private static OutputGroup[] groups(ConvShape shape) {
    return OutputGroup.all(
        new ConvShape(
            1, shape.inChannels(), shape.outChannels(), shape.groups(), List.of(Axis.of(1, 1))));
  }

  private Taps taps(int firstPlane, int endPlane, int g) {
    OutputGroup group = groups[g];
    int count = Math.max(0, endPlane - firstPlane) * group.inBlocks() * 2;
    int[] input = new int[count];
    int[] weights = new int[count];
    for (int t = 0; t < count; t++) {
      int turned = t % 2;
      int block = t / 2 % group.inBlocks();
      int plane = firstPlane + t / 2 / group.inBlocks();
      input[t] = ((plane * geometry.inBlocks() + block) * 2 + turned) * row();
      weights[t] =
          filter.block(g, plane * group.inBlocks() + block) + turned * BLOCK * group.channels();
    }
    return new Taps(input, weights);
  }

  /** Floats of the real and imaginary parts of one block, frequency and group of tiles. */
  private int row() {
    return geometry.group() * Fft.COMPLEX;
  }

  /** Floats of the input of one frequency, as it is and turned, and a cache line more. */
  private int inputRow() {
    return geometry.planes() * 2 * row() + BLOCK;
  }

  /** Floats of the output of one frequency and block, and a cache line more. */
  private int outputRow() {
    return row() + BLOCK;
  }

  @Override
  public FftGeometry geometry() {
    return geometry;
  }

  @Override
  public int units() {
    return groups.length;
  }

  @Override
  public int unitsTogether() {
    return geometry.shape().groups() == 1 ? groups.length : 1;
  }

  @Override
  public int firstIn(int unit) {
    return groups[unit].firstInBlock();
  }

  @Override
  public int inBlocks(int unit) {
    return groups[unit].inBlocks();
  }

  @Override
  public int firstOut(int unit) {
    return unit == groups.length
        ? Layout.blocks(geometry.shape().outChannels())
        : groups[unit].firstBlock();
  }

  @Override
  public long filterFloats() {
    return filter.floats();
  }

  @Override
  public long scratchFloats() {
    return geometry.rows().size() * ((long) inputRow() + 2L * outputRow());
  }

  @Override
  public void pack(float[] plain, float[] packed) {
    filter.pack(plain, packed);
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
    int tiles = endTile - firstTile;
    int in = at + geometry.products();
    int out = in + columnIn();
    Axis depth = geometry.depth();
    for (int tap = depth.firstTap(plane); tap < depth.endTap(plane); tap++) {
      for (int b = 0; b < inBlocks(first); b++) {
        int block = tap * geometry.inBlocks() + b;
        int from = base + inSpectrum(block, column, firstTile);
        forward(spectra, from, tiles, own, at, own, in + block * 2 * row());
      }
    }
    for (int unit = first; unit < end; unit++) {
      int size = geometry.rows().size();
      Taps terms = taps()[plane][unit];
      multiply(unit, column * size, column * size + size, tiles, terms, own, in, out, call);
      for (int b = 0; b < groups[unit].blocks(); b++) {
        int to = base + outSpectrum(firstOut(unit) - firstOut(first) + b, column, firstTile);
        backward(own, out + b * blockOut(), tiles, own, at, spectra, to);
      }
    }
  }

  @Override
  public List<Step> steps() {
    return List.of(Step.ROWS, Step.IN_COLUMNS, Step.PRODUCTS, Step.OUT_COLUMNS, Step.ROWS_BACK);
  }

  @Override
  public long apartFloats() {
    long column = (long) columnIn() + (long) geometry.outBlocks() * blockOut();
    return geometry.half() * column;
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
    int in = base + (int) geometry.spectraFloats();
    int out = in + geometry.half() * columnIn();
    int block = row / geometry.half();
    int column = row % geometry.half();
    switch (step) {
      case IN_COLUMNS -> {
        int tap = block / inBlocks(unit);
        if (tap >= geometry.depth().firstTap(plane) && tap < geometry.depth().endTap(plane)) {
          int inBlock = tap * geometry.inBlocks() + block % inBlocks(unit);
          int to = in + column * columnIn() + inBlock * 2 * row() + first * Fft.COMPLEX;
          int from = base + inSpectrum(inBlock, column, first);
          forward(spectra, from, end - first, own, 0, spectra, to);
        }
      }
      case PRODUCTS -> {
        int group = unit + row;
        int columns = out + (firstOut(group) - firstOut(unit)) * blockOut();
        Taps terms = taps()[plane][group];
        for (int f = first; f < end; ) {
          int k = f / geometry.rows().size();
          int until = Math.min(end, (k + 1) * geometry.rows().size());
          int from = in + k * columnIn();
          int to = columns + k * geometry.outBlocks() * blockOut();
          multiply(group, f, until, tiles, terms, spectra, from, to, call);
          f = until;
        }
      }
      case OUT_COLUMNS -> {
        int from = out + (column * geometry.outBlocks() + block) * blockOut() + first * Fft.COMPLEX;
        int to = base + outSpectrum(block, column, first);
        backward(spectra, from, end - first, own, 0, spectra, to);
      }
      case ROWS, COLUMNS, ROWS_BACK -> throw new IllegalStateException("not apart: " + step);
    }
  }

  /** Where a block's column of a tile lies among a job's spectra. */
  private int inSpectrum(int block, int column, int tile) {
    return (block * geometry.half() + column) * geometry.inColumn()
        + tile * geometry.rows().size() * Fft.COMPLEX;
  }

  private int outSpectrum(int block, int column, int tile) {
    return (int) geometry.outSpectra()
        + (block * geometry.half() + column) * geometry.outColumn()
        + tile * geometry.rows().outputs() * Fft.COMPLEX;
  }

  /** Floats of a column as products read it. */
  private int columnIn() {
    return geometry.rows().size() * inputRow();
  }

  /** Floats of a column of an output block as products write it. */
  private int blockOut() {
    return geometry.rows().size() * outputRow();
  }

  /** Transforms a column of some tiles, each to where the products read it. */
  private void forward(
      float[] spectra, int from, int tiles, float[] own, int at, float[] in, int to) {
    TileAxis rows = geometry.rows();
    int z = at + geometry.result(rows);
    for (int tile = 0; tile < tiles; tile++) {
      int start = from + tile * rows.size() * Fft.COMPLEX;
      rows.fft().run(false, spectra, start, Fft.COMPLEX, own, z, Fft.COMPLEX, own, at);
      int place = to + tile * Fft.COMPLEX;
      Spectra.spread(own, z, in, place, inputRow(), row(), rows.size());
    }
  }

  /**
   * The products of some frequencies of one column.
   *
   * @param first first frequency, counted through columns
   * @param in where the column's input begins in memory
   * @param out where the column's output begins
   */
  private void multiply(
      int unit,
      int first,
      int end,
      int tiles,
      Taps terms,
      float[] memory,
      int in,
      int out,
      ConvCall call) {
    OutputGroup group = groups[unit];
    int pixels = 2 * tiles;
    for (int frequency = first; frequency < end; frequency++) {
      int row = frequency % geometry.rows().size();
      kernel.pixels(
          BLOCK,
          group.blocks(),
          pixels,
          memory,
          in + row * inputRow(),
          terms,
          call.weights(),
          filter.place(unit, frequency),
          ZEROS,
          0,
          0,
          BLOCK,
          memory,
          out + row * outputRow(),
          BLOCK,
          blockOut());
    }
  }

  /** Transforms a column of some tiles back, and keeps those of its rows that are outputs. */
  private void backward(
      float[] out, int from, int tiles, float[] own, int at, float[] spectra, int to) {
    TileAxis rows = geometry.rows();
    int z = at + geometry.result(rows);
    for (int tile = 0; tile < tiles; tile++) {
      int start = from + tile * Fft.COMPLEX;
      rows.fft().run(true, out, start, outputRow(), own, z, Fft.COMPLEX, own, at);
      RowTransforms.keep(rows, own, z, spectra, to + tile * rows.outputs() * Fft.COMPLEX);
    }
  }

  @Override
  public double cost(int first, int end, int tiles) {
    double cost = 0;
    for (int unit = first; unit < end; unit++) {
      OutputGroup group = groups[unit];
      int terms = geometry.depth().kernel() * group.inBlocks() * 2;
      double product = BatchReduce.cost(group.blocks(), 2 * tiles, terms);
      cost += geometry.rows().size() * (product + traffic(filter.chunk(unit)));
    }
    return cost;
  }

  /** Estimated time to read some of the filter's spectra from where so much fits. */
  private double traffic(int floats) {
    long bytes = Float.BYTES * filterFloats();
    int cyclesPerLine = bytes <= SECOND_LEVEL ? 1 : bytes <= THIRD_LEVEL ? 4 : 12;
    return (double) floats / BLOCK * cyclesPerLine;
  }

  @Override
  public void warmUp() {
    Taps[] middle = taps()[geometry.depth().output() / 2];
    for (int tiles : new int[] {geometry.tiles() / geometry.groups(), geometry.group()}) {
      int pixels = 2 * tiles;
      int strips = Math.ceilDiv(pixels, kernel.maxPixels());
      for (int strip = 0; strip < strips; strip++) {
        int count = Workers.start(pixels, strip + 1, strips) - Workers.start(pixels, strip, strips);
        for (int g : new int[] {0, groups.length - 1}) {
          kernel.warmUp(BLOCK, groups[g].blocks(), count, middle[g], true);
        }
      }
    }
  }

  @Override
  public String explain() {
    return "%d complex products of %d channels a frequency on the batch-reduce kernel"
        .formatted(groups.length, groups[0].inBlocks() * BLOCK);
  }
}
