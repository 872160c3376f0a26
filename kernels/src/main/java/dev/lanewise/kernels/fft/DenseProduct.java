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

  /** By output plane, then by output group. */
  private final Taps[][] taps;

  private final long[] filterBase;

  DenseProduct(FftGeometry geometry) {
    this.geometry = geometry;
    groups = groups(geometry.shape());
    filterBase = new long[groups.length + 1];
    for (int g = 0; g < groups.length; g++) {
      filterBase[g + 1] = filterBase[g] + (long) geometry.frequencies() * chunk(groups[g]);
    }
    Axis depth = geometry.depth();
    taps = new Taps[depth.output()][groups.length];
    for (int plane = 0; plane < depth.output(); plane++) {
      for (int g = 0; g < groups.length; g++) {
        taps[plane][g] = taps(depth.firstTap(plane), depth.endTap(plane), groups[g]);
      }
    }
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

  private Taps taps(int firstPlane, int endPlane, OutputGroup group) {
    int count = Math.max(0, endPlane - firstPlane) * group.inBlocks() * 2;
    int[] input = new int[count];
    int[] filter = new int[count];
    for (int t = 0; t < count; t++) {
      int turned = t % 2;
      int block = t / 2 % group.inBlocks();
      int plane = firstPlane + t / 2 / group.inBlocks();
      input[t] = ((plane * geometry.inBlocks() + block) * 2 + turned) * row();
      filter[t] = ((plane * group.inBlocks() + block) * 2 + turned) * BLOCK * group.channels();
    }
    return new Taps(input, filter);
  }

  /** Floats of the packed filter of one frequency: {@code [plane][block][re, im][16][channels]}. */
  private int chunk(OutputGroup group) {
    return geometry.depth().kernel() * group.inBlocks() * 2 * BLOCK * group.channels();
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
    return filterBase[groups.length];
  }

  @Override
  public long scratchFloats() {
    return geometry.rows().size() * ((long) inputRow() + 2L * outputRow());
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    FilterSpectra spectra = new FilterSpectra(geometry);
    int inChannels = geometry.shape().inChannels();
    for (int g = 0; g < groups.length; g++) {
      OutputGroup group = groups[g];
      int base = (int) filterBase[g];
      int chunk = chunk(group);
      int firstIn = group.firstInBlock() * BLOCK;
      int endIn = Math.min(firstIn + group.inBlocks() * BLOCK, inChannels);
      for (int b = 0; b < group.blocks(); b++) {
        int firstOut = (group.firstBlock() + b) * BLOCK;
        for (int in = firstIn; in < endIn; in++) {
          for (int plane = 0; plane < geometry.depth().kernel(); plane++) {
            int block = plane * group.inBlocks() + (in - firstIn) / BLOCK;
            int within = (block * 2 * BLOCK + in % BLOCK) * group.channels() + b * BLOCK;
            spectra.transform(
                filter,
                firstOut,
                in,
                plane,
                (column, row, values, re, im) -> {
                  int to = base + (column * geometry.rows().size() + row) * chunk + within;
                  System.arraycopy(values, re, packed, to, BLOCK);
                  System.arraycopy(values, im, packed, to + BLOCK * group.channels(), BLOCK);
                });
          }
        }
      }
    }
  }

  @Override
  public void column(
      int column, int plane, int first, int end, int tiles, float[] memory, ConvCall call) {
    int in = (int) geometry.products();
    int out = in + geometry.rows().size() * inputRow();
    Axis depth = geometry.depth();
    for (int tap = depth.firstTap(plane); tap < depth.endTap(plane); tap++) {
      for (int block = 0; block < inBlocks(first); block++) {
        forward(column, tap * geometry.inBlocks() + block, tiles, memory, in);
      }
    }
    for (int unit = first; unit < end; unit++) {
      multiply(column, unit, tiles, taps[plane][unit], memory, in, out, call.weights());
      for (int block = 0; block < groups[unit].blocks(); block++) {
        int to = firstOut(unit) - firstOut(first) + block;
        backward(column, to, tiles, memory, out + block * geometry.rows().size() * outputRow());
      }
    }
  }

  private void forward(int column, int block, int tiles, float[] memory, int to) {
    TileAxis rows = geometry.rows();
    int work = (int) geometry.work();
    int z = work + 2 * rows.size() * Fft.COMPLEX;
    int from = (block * geometry.half() + column) * geometry.inColumn();
    for (int tile = 0; tile < tiles; tile++) {
      int start = from + tile * rows.size() * Fft.COMPLEX;
      rows.fft().run(false, memory, start, Fft.COMPLEX, memory, z, Fft.COMPLEX, memory, work);
      int place = to + block * 2 * row() + tile * Fft.COMPLEX;
      Spectra.spread(memory, z, memory, place, inputRow(), row(), rows.size());
    }
  }

  private void multiply(
      int column,
      int unit,
      int tiles,
      Taps terms,
      float[] memory,
      int in,
      int out,
      float[] weights) {
    OutputGroup group = groups[unit];
    int size = geometry.rows().size();
    int filter = (int) filterBase[unit] + column * size * chunk(group);
    int pixels = 2 * tiles;
    int strips = Math.ceilDiv(pixels, kernel.maxPixels());
    for (int row = 0; row < size; row++) {
      for (int strip = 0; strip < strips; strip++) {
        int start = Workers.start(pixels, strip, strips);
        int count = Workers.start(pixels, strip + 1, strips) - start;
        kernel.strip(
            BLOCK,
            group.blocks(),
            count,
            memory,
            in + row * inputRow() + start * BLOCK,
            terms,
            weights,
            filter + row * chunk(group),
            ZEROS,
            0,
            0,
            BLOCK,
            memory,
            out + row * outputRow() + start * BLOCK,
            BLOCK,
            size * outputRow());
      }
    }
  }

  private void backward(int column, int block, int tiles, float[] memory, int from) {
    TileAxis rows = geometry.rows();
    int work = (int) geometry.work();
    int z = work + 2 * rows.size() * Fft.COMPLEX;
    int to =
        (int) geometry.outSpectra() + (block * geometry.half() + column) * geometry.outColumn();
    for (int tile = 0; tile < tiles; tile++) {
      rows.fft()
          .run(
              true,
              memory,
              from + tile * Fft.COMPLEX,
              outputRow(),
              memory,
              z,
              Fft.COMPLEX,
              memory,
              work);
      int place = to + tile * rows.outputs() * Fft.COMPLEX;
      RowTransforms.keep(rows, memory, z, place);
    }
  }

  @Override
  public double cost(int first, int end, int tiles) {
    double cost = 0;
    for (int unit = first; unit < end; unit++) {
      OutputGroup group = groups[unit];
      int terms = geometry.depth().kernel() * group.inBlocks() * 2;
      double product = BatchReduce.cost(group.blocks(), 2 * tiles, terms);
      cost += geometry.frequencies() * (product + traffic(chunk(group)));
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
    for (int tiles : new int[] {geometry.tiles() / geometry.groups(), geometry.group()}) {
      int pixels = 2 * tiles;
      int strips = Math.ceilDiv(pixels, kernel.maxPixels());
      for (int strip = 0; strip < strips; strip++) {
        int count = Workers.start(pixels, strip + 1, strips) - Workers.start(pixels, strip, strips);
        kernel.warmUp(BLOCK, groups[0].blocks(), count);
        kernel.warmUp(BLOCK, groups[groups.length - 1].blocks(), count);
      }
    }
  }

  @Override
  public String explain() {
    return "%d complex products of %d channels a frequency on the batch-reduce kernel"
        .formatted(groups.length, groups[0].inBlocks() * BLOCK);
  }
}
