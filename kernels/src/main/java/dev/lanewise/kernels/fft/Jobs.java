package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;

/**
 * What can be computed on its own: the output units that share their transformed input, for one
 * group of tiles of one output plane and image, in this order. A job is done in three steps, the
 * transforms of rows, the columns with their products, and the transforms of rows back.
 */
final class Jobs {

  private static final int BLOCK = Layout.BLOCK;

  private final SpectrumProduct product;
  private final FftGeometry geometry;
  private final RowTransforms transforms;
  private final int inPlane;
  private final int sets;

  Jobs(SpectrumProduct product) {
    this.product = product;
    geometry = product.geometry();
    transforms = new RowTransforms(geometry);
    inPlane = geometry.shape().inputPixels() * BLOCK;
    sets = Math.ceilDiv(product.units(), product.unitsTogether());
  }

  /** Jobs of the whole batch. */
  int count() {
    return geometry.shape().batch() * geometry.depth().output() * geometry.groups() * sets;
  }

  private int image(int job) {
    return job / sets / geometry.groups() / geometry.depth().output();
  }

  private int plane(int job) {
    return job / sets / geometry.groups() % geometry.depth().output();
  }

  private int group(int job) {
    return job / sets % geometry.groups();
  }

  /** First output unit of a job. */
  int firstUnit(int job) {
    return job % sets * product.unitsTogether();
  }

  /** Output units of a job. */
  int units(int job) {
    return Math.min(product.unitsTogether(), product.units() - firstUnit(job));
  }

  /** Tiles of a job. */
  int tiles(int job) {
    return Tiling.tiles(geometry, group(job));
  }

  /** Input blocks of a job, of all planes of the kernel. */
  int inPlanes(int job) {
    return geometry.depth().kernel() * product.inBlocks(firstUnit(job));
  }

  /** Output blocks of a job. */
  int outBlocks(int job) {
    return product.firstOut(firstUnit(job) + units(job)) - product.firstOut(firstUnit(job));
  }

  /**
   * Transforms pairs of rows of one input block and plane.
   *
   * @param inPlane which one of {@link #inPlanes}
   * @param first first pair of {@link FftGeometry#inPairs}
   * @param spectra memory of {@link FftGeometry#spectraFloats} from {@code base}
   * @param own the worker's own memory, from {@code at}
   */
  void forward(
      int job,
      int inPlane,
      int first,
      int end,
      float[] spectra,
      int base,
      float[] own,
      int at,
      ConvCall call) {
    Axis depth = geometry.depth();
    int unit = firstUnit(job);
    int tap = inPlane / product.inBlocks(unit);
    int block = inPlane % product.inBlocks(unit);
    if (tap < depth.firstTap(plane(job)) || tap >= depth.endTap(plane(job))) {
      return;
    }
    transforms.forward(
        call.input(),
        call.inputImage(image(job)) + (product.firstIn(unit) + block) * this.inPlane,
        depth.position(plane(job), tap) * geometry.rows().axis().input(),
        Tiling.firstTile(geometry, group(job)),
        tiles(job),
        first,
        end,
        spectra,
        base + (tap * geometry.inBlocks() + block) * geometry.half() * geometry.inColumn(),
        own,
        at);
  }

  /** Transforms, multiplies and transforms back one column of some tiles. */
  void columns(
      int job,
      int column,
      int firstTile,
      int endTile,
      float[] spectra,
      int base,
      float[] own,
      int at,
      ConvCall call) {
    int first = firstUnit(job);
    int end = first + units(job);
    int plane = plane(job);
    product.column(column, plane, first, end, firstTile, endTile, spectra, base, own, at, call);
  }

  /** Part of a row of one of the steps that take columns apart. */
  void apart(
      Step step,
      int job,
      int row,
      int first,
      int end,
      float[] spectra,
      int base,
      float[] own,
      ConvCall call) {
    int unit = firstUnit(job);
    product.apart(step, plane(job), unit, row, first, end, tiles(job), spectra, base, own, call);
  }

  /** Transforms pairs of rows of one output block back, and finishes them. */
  void backward(
      int job,
      int block,
      int first,
      int end,
      float[] spectra,
      int base,
      float[] own,
      int at,
      ConvCall call) {
    int from = base + (int) geometry.outSpectra() + block * geometry.half() * geometry.outColumn();
    transforms.backward(
        image(job),
        plane(job),
        product.firstOut(firstUnit(job)) + block,
        Tiling.firstTile(geometry, group(job)),
        tiles(job),
        first,
        end,
        spectra,
        from,
        own,
        at,
        call);
  }

  /** All steps of a job for one worker, which has its spectra in its own memory. */
  void run(int job, float[] own, ConvCall call) {
    int at = (int) geometry.spectraFloats();
    int tiles = tiles(job);
    for (int plane = 0; plane < inPlanes(job); plane++) {
      forward(job, plane, 0, geometry.inPairs(tiles), own, 0, own, at, call);
    }
    for (int column = 0; column < geometry.half(); column++) {
      columns(job, column, 0, tiles, own, 0, own, at, call);
    }
    for (int block = 0; block < outBlocks(job); block++) {
      backward(job, block, 0, geometry.outPairs(tiles), own, 0, own, at, call);
    }
  }

  /** Estimated work of a job. */
  double cost(int job) {
    int unit = firstUnit(job);
    return Tiling.cost(product, group(job), unit, unit + units(job));
  }
}
