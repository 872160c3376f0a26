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

  /** Jobs for each worker from which on no worker has much more of them than others. */
  private static final int MANY_JOBS = 8;

  private final SpectrumProduct product;
  private final FftGeometry geometry;
  private final Jobs jobs;

  /** Null where its memory would be too large. */
  private final Stages stages;

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
    jobs = new Jobs(product);
    stages = Stages.possible(product) ? new Stages(product, jobs) : null;
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

  @Override
  public int stages(int workers) {
    return staged(workers) ? stages.count() : 1;
  }

  @Override
  public int commonFloats(int workers) {
    return staged(workers) ? stages.commonFloats() : 0;
  }

  private boolean staged(int workers) {
    return workers > 1 && stages != null && jobs.count() < (long) MANY_JOBS * workers;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    float[] own = scratch.floats(scratchFloats);
    if (staged(workers)) {
      stages.run(worker, workers, own, call);
      return;
    }
    int end = Workers.start(jobs.count(), worker + 1, workers);
    for (int job = Workers.start(jobs.count(), worker, workers); job < end; job++) {
      jobs.run(job, own, call);
    }
  }

  @Override
  public double cost(int worker, int workers) {
    double cost = 0;
    for (int stage = 0; stage < stages(workers); stage++) {
      cost += cost(stage, worker, workers);
    }
    return cost;
  }

  @Override
  public double cost(int stage, int worker, int workers) {
    if (staged(workers)) {
      return MEASURED * stages.cost(stage, worker, workers);
    }
    double cost = 0;
    int end = Workers.start(jobs.count(), worker + 1, workers);
    for (int job = Workers.start(jobs.count(), worker, workers); job < end; job++) {
      cost += jobs.cost(job);
    }
    return MEASURED * cost;
  }

  @Override
  public void warmUp(boolean residual) {
    geometry.rows().fft().warmUp();
    geometry.columns().fft().warmUp();
    Spectra.warmUp();
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
