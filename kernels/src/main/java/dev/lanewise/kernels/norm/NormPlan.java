package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;

/**
 * Normalises NCHW16C activations: {@code y = gamma (x - mean) / sqrt(variance + epsilon) + beta},
 * with mean and variance of each set of values, and gamma and beta of each channel.
 *
 * <p>Batch, group, instance and layer norm differ only in the sets. A set's moments are those of
 * its pieces, runs of at most 256 pixels of one plane, each computed in two passes while it is in
 * the first-level cache, and combined in double precision (Chan, Golub and LeVeque 1983): sound
 * whatever the mean. Pieces follow from the shape alone, so that a result has the same bits for any
 * number of threads and lanes.
 *
 * <p>A plan is immutable and safe for concurrent callers; its runs allocate nothing.
 */
public final class NormPlan {

  private final NormSets sets;
  private final int[] dims;
  private final float epsilon;
  private final Workers workers;
  private final int length;
  private final Spare<NormCall> calls;

  private NormPlan(int[] dims, int groups, boolean acrossImages, float epsilon, Workers workers) {
    this.dims = dims.clone();
    this.epsilon = epsilon;
    this.workers = Objects.requireNonNull(workers, "workers");
    length = Layout.NCHW16C.length(dims);
    Check.that(
        epsilon >= 0 && epsilon < Float.POSITIVE_INFINITY,
        "epsilon must be finite and not negative, is %s",
        epsilon);
    Check.positive("groups", groups);
    Check.that(dims[1] % groups == 0, "groups=%d does not divide channels=%d", groups, dims[1]);
    sets = new NormSets(this.dims, groups, acrossImages);
    calls = new Spare<>(() -> new NormCall(sets));
  }

  /**
   * Batch norm (Ioffe and Szegedy 2015): a set is a channel of all images.
   *
   * @param dims {@code [batch, channels, spatial...]}
   * @param epsilon what is added to the variance
   * @throws IllegalArgumentException if a dimension or epsilon is out of range
   */
  public static NormPlan batch(int[] dims, float epsilon, Workers workers) {
    return new NormPlan(dims, Math.max(1, channels(dims)), true, epsilon, workers);
  }

  /**
   * Group norm (Wu and He 2018): a set is a group of neighbouring channels of one image.
   *
   * @param dims {@code [batch, channels, spatial...]}
   * @param groups how many, a divisor of the channels
   * @throws IllegalArgumentException if a dimension, the groups or epsilon are out of range
   */
  public static NormPlan group(int[] dims, int groups, float epsilon, Workers workers) {
    return new NormPlan(dims, groups, false, epsilon, workers);
  }

  /** Instance norm (Ulyanov et al. 2016): a set is a channel of one image. */
  public static NormPlan instance(int[] dims, float epsilon, Workers workers) {
    return new NormPlan(dims, Math.max(1, channels(dims)), false, epsilon, workers);
  }

  /** Layer norm over all channels and pixels of an image (Ba et al. 2016). */
  public static NormPlan layer(int[] dims, float epsilon, Workers workers) {
    return new NormPlan(dims, 1, false, epsilon, workers);
  }

  private static int channels(int... dims) {
    return dims.length < 2 ? 1 : dims[1];
  }

  /** Room for this plan's statistics. */
  public Statistics statistics() {
    return Statistics.of(sets.count());
  }

  /** Floats of the input, and of the output. */
  public int length() {
    return length;
  }

  /** Values of each set. */
  public int valuesPerSet() {
    return sets.valuesEach();
  }

  /**
   * Normalises with the statistics of the input itself.
   *
   * @param x NCHW16C
   * @param gamma factor of each channel
   * @param beta summand of each channel
   * @param statistics of {@link #statistics()}, overwritten; {@link #backward} needs them
   * @param y NCHW16C, overwritten; may be {@code x}
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] x, float[] gamma, float[] beta, Statistics statistics, float[] y) {
    run(x, gamma, beta, statistics, null, Activation.IDENTITY, y);
  }

  /**
   * Like {@link #run(float[], float[], float[], Statistics, float[])}; then adds a residual and
   * applies an activation, while the values are in the first-level cache. An activation that does
   * not keep zero changes padding lanes too.
   *
   * @param residual NCHW16C, or null for none
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(
      float[] x,
      float[] gamma,
      float[] beta,
      Statistics statistics,
      float[] residual,
      Activation activation,
      float[] y) {
    normalise(true, x, gamma, beta, statistics, residual, activation, y);
  }

  /**
   * Normalises with given statistics: those of a run, or a batch norm's running averages.
   *
   * @throws IllegalArgumentException if a length is wrong
   */
  public void infer(float[] x, float[] gamma, float[] beta, Statistics statistics, float[] y) {
    infer(x, gamma, beta, statistics, null, Activation.IDENTITY, y);
  }

  /**
   * Like {@link #infer(float[], float[], float[], Statistics, float[])}; then adds a residual and
   * applies an activation, while the values are in the first-level cache. An activation that does
   * not keep zero changes padding lanes too.
   *
   * @param residual NCHW16C, or null for none
   * @throws IllegalArgumentException if a length is wrong
   */
  public void infer(
      float[] x,
      float[] gamma,
      float[] beta,
      Statistics statistics,
      float[] residual,
      Activation activation,
      float[] y) {
    normalise(false, x, gamma, beta, statistics, residual, activation, y);
  }

  /**
   * Normalises.
   *
   * @param own whether the statistics are the input's own, and are computed first
   */
  private void normalise(
      boolean own,
      float[] x,
      float[] gamma,
      float[] beta,
      Statistics statistics,
      float[] residual,
      Activation activation,
      float[] y) {
    check(x, gamma, statistics);
    if (residual != null) {
      Check.length("residual", residual, length);
    }
    Check.length("beta", beta, dims[1]);
    Check.length("y", y, length);
    if (length == 0) {
      return;
    }
    NormCall call = calls.take();
    call.operands(x, null, y);
    call.epilogue(residual, activation);
    if (own) {
      workers.run(call.momentsPass());
      sets.combine(call.partial, statistics);
    }
    sets.coefficients(statistics, gamma, beta, epsilon, call);
    workers.run(call.applicationPass());
    call.clear();
    calls.give(call);
  }

  /**
   * Carries a gradient back through a run.
   *
   * @param x of the run
   * @param gamma of the run
   * @param statistics that the run wrote
   * @param dy gradient of y
   * @param dx gradient of x, overwritten; may be {@code dy}
   * @param dGamma gradient of gamma, overwritten
   * @param dBeta gradient of beta, overwritten
   * @throws IllegalArgumentException if a length is wrong or {@code dx} is {@code x}
   */
  public void backward(
      float[] x,
      float[] gamma,
      Statistics statistics,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta) {
    backward(x, gamma, statistics, Activation.IDENTITY, null, dy, dx, dGamma, dBeta);
  }

  /**
   * Carries a gradient back through a run without a residual, its activation first.
   *
   * @param activation of the run, one whose derivative follows from its result
   * @param y result of the run, or null for no activation
   * @param dy gradient of y; becomes that of the activation's argument, unless it is {@code dx}
   * @throws IllegalArgumentException if a length is wrong or {@code dx} is {@code x}
   */
  public void backward(
      float[] x,
      float[] gamma,
      Statistics statistics,
      Activation activation,
      float[] y,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta) {
    backward(x, gamma, statistics, false, activation, y, dy, dx, dGamma, dBeta);
  }

  /**
   * Carries a gradient back through {@link #infer}, whose statistics do not depend on the input;
   * otherwise as {@link #backward}.
   */
  public void backwardFixed(
      float[] x,
      float[] gamma,
      Statistics statistics,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta) {
    backwardFixed(x, gamma, statistics, Activation.IDENTITY, null, dy, dx, dGamma, dBeta);
  }

  /** Carries a gradient back through {@link #infer} with an activation, as in training. */
  public void backwardFixed(
      float[] x,
      float[] gamma,
      Statistics statistics,
      Activation activation,
      float[] y,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta) {
    backward(x, gamma, statistics, true, activation, y, dy, dx, dGamma, dBeta);
  }

  private void backward(
      float[] x,
      float[] gamma,
      Statistics statistics,
      boolean fixed,
      Activation activation,
      float[] y,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta) {
    check(x, gamma, statistics);
    Check.length("dy", dy, length);
    Check.length("dx", dx, length);
    Check.distinct("dx", dx, "x", x);
    if (y != null) {
      Check.length("y", y, length);
    }
    Check.length("dGamma", dGamma, dims[1]);
    Check.length("dBeta", dBeta, dims[1]);
    if (length == 0) {
      Arrays.fill(dGamma, 0);
      Arrays.fill(dBeta, 0);
      return;
    }
    NormCall call = calls.take();
    call.operands(x, dy, dx);
    call.activated(y, activation);
    sets.centres(statistics, call);
    workers.run(call.sumsPass());
    sets.gradients(statistics, fixed, gamma, epsilon, call, dGamma, dBeta);
    workers.run(call.gradientPass());
    call.clear();
    calls.give(call);
  }

  private void check(float[] x, float[] gamma, Statistics statistics) {
    Check.length("x", x, length);
    Check.length("gamma", gamma, dims[1]);
    Check.length("mean", statistics.mean(), sets.count());
  }
}
