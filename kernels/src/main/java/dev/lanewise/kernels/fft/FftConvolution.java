package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.Optional;

/**
 * Convolution as products of Fourier transforms, for large kernels: its work hardly depends on the
 * kernel's size (Mathieu et al., "Fast training of convolutional networks through FFTs", 2014).
 *
 * <p>Images are cut into overlapping tiles. Rows of a group of tiles are transformed first, two
 * real rows as one complex one; then, a column of frequencies at a time so that the spectra stay in
 * the second-level cache, columns are transformed, multiplied with the filter's spectra and
 * transformed back; then the rows of the output. Strides are served by dropping outputs.
 */
public final class FftConvolution implements ConvAlgorithm {

  /** By how much measured times of whole convolutions exceeded the sum of the estimated parts. */
  private static final double MEASURED = 1.05;

  private final SpectrumProduct product;
  private final FftGeometry geometry;
  private final RowTransforms transforms;
  private final int filterFloats;
  private final int scratchFloats;

  /**
   * Prepares the tables of a shape.
   *
   * @throws IllegalArgumentException if there is an {@link #objection}
   */
  public FftConvolution(ConvShape shape) {
    Optional<String> objection = objection(shape);
    Check.that(objection.isEmpty(), "fft: %s", objection.orElse(""));
    product = Tiling.best(shape).orElseThrow();
    geometry = product.geometry();
    transforms = new RowTransforms(geometry);
    filterFloats = Math.toIntExact(product.filterFloats());
    scratchFloats = Math.toIntExact(Tiling.scratchFloats(product));
  }

  /** Why a shape cannot be computed by FFT, if it cannot. */
  public static Optional<String> objection(ConvShape shape) {
    return Tiling.objection(shape);
  }

  @Override
  public int filterFloats() {
    return filterFloats;
  }

  @Override
  public List<Integer> filterVariant() {
    return List.of(geometry.rows().size(), geometry.columns().size());
  }

  @Override
  public int scratchFloats() {
    return scratchFloats;
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    product.pack(filter, packed);
  }

  /** Units of work, ordered (image, output plane, group of tiles, output unit). */
  private int units() {
    return geometry.shape().batch() * unitsPerImage();
  }

  private int unitsPerImage() {
    return geometry.depth().output() * geometry.groups() * product.units();
  }

  /** One past the last unit that {@code unit} shares its transformed input with. */
  private int endTogether(int unit, int end) {
    int within = unit % product.units();
    int together = product.unitsTogether();
    int last = Math.min(product.units(), within / together * together + together);
    return Math.min(end, unit - within + last);
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    float[] memory = scratch.floats(scratchFloats);
    int end = Workers.start(units(), worker + 1, workers);
    for (int unit = Workers.start(units(), worker, workers); unit < end; ) {
      int until = endTogether(unit, end);
      int image = unit / unitsPerImage();
      int plane = unit / product.units() / geometry.groups() % geometry.depth().output();
      int group = unit / product.units() % geometry.groups();
      int first = unit % product.units();
      run(image, plane, group, first, first + until - unit, memory, call);
      unit = until;
    }
  }

  private void run(
      int image, int plane, int group, int first, int end, float[] memory, ConvCall call) {
    int firstTile = Tiling.firstTile(geometry, group);
    int tiles = Tiling.tiles(geometry, group);
    transforms.forward(
        call.input(),
        call.inputImage(image),
        plane,
        product.firstIn(first),
        product.inBlocks(first),
        firstTile,
        tiles,
        memory);
    for (int column = 0; column < geometry.half(); column++) {
      product.column(column, plane, first, end, tiles, memory, call);
    }
    int block = product.firstOut(first);
    int blocks = product.firstOut(end) - block;
    transforms.backward(image, plane, block, blocks, firstTile, tiles, memory, call);
  }

  @Override
  public double cost(int worker, int workers) {
    double cost = 0;
    int end = Workers.start(units(), worker + 1, workers);
    for (int unit = Workers.start(units(), worker, workers); unit < end; ) {
      int until = endTogether(unit, end);
      int group = unit / product.units() % geometry.groups();
      int first = unit % product.units();
      cost += Tiling.cost(product, group, first, first + until - unit);
      unit = until;
    }
    return MEASURED * cost;
  }

  @Override
  public void warmUp() {
    product.warmUp();
  }

  @Override
  public List<String> explain() {
    TileAxis rows = geometry.rows();
    TileAxis columns = geometry.columns();
    return List.of(
        "%d x %d tiles of %d x %d for %d x %d outputs each, %d at a time"
            .formatted(
                rows.tiles(),
                columns.tiles(),
                rows.size(),
                columns.size(),
                rows.outputs(),
                columns.outputs(),
                geometry.group()),
        product.explain());
  }
}
