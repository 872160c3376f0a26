package dev.lanewise.kernels.planar;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Arrays;
import java.util.Objects;

/**
 * A convolution of planar data to at most eight channels of NCHW16C, with an activation, and its
 * gradients by filter and bias; the first layer of LeNet-5 is one.
 *
 * <p>In blocks of 16 channels most of its lanes would be padding; here all of them are pixels, for
 * the activation too. Sums are those of a few images each, added up in their order: the same bits
 * for any number of threads and lanes. Safe for concurrent callers; runs allocate nothing.
 */
public final class PlanarConvolution {

  /**
   * Half a block: with more, blocks of channels waste less than the columns at the ends of rows.
   */
  private static final int MOST_CHANNELS = 8;

  /** Fewer pixels than a few strips are better summed otherwise. */
  private static final int LEAST_PIXELS = 4 * ScalarPlanes.STRIP;

  private final ConvShape shape;
  private final Activation activation;
  private final Workers workers;
  private final int filterLength;
  private final int inputLength;
  private final int outputLength;
  private final Spare<ForwardTask> forward;
  private final Spare<GradientTask> gradients;

  /**
   * Prepares a convolution.
   *
   * @param activation what is applied last
   * @throws IllegalArgumentException if this room does not {@link #computes compute} the shape
   */
  public PlanarConvolution(ConvShape shape, Activation activation, Workers workers) {
    Check.that(computes(shape), "%s is not for planes", shape);
    this.shape = shape;
    this.activation = Objects.requireNonNull(activation, "activation");
    this.workers = Objects.requireNonNull(workers, "workers");
    filterLength = shape.filterLength();
    inputLength = Layout.NCHW.length(shape.inputDims());
    outputLength = Layout.NCHW16C.length(shape.outputDims());
    Planes planes = new Planes(shape);
    forward = new Spare<>(() -> new ForwardTask(shape, planes, activation));
    gradients = new Spare<>(() -> new GradientTask(shape, planes));
  }

  /** Whether a shape is for planes: two axes, stride and dilation 1, and few output channels. */
  public static boolean computes(ConvShape shape) {
    return shape.axes().size() == 2
        && shape.groups() == 1
        && shape.paddingMode() == PaddingMode.ZERO
        && shape.outChannels() <= MOST_CHANNELS
        && shape.outputPixels() >= LEAST_PIXELS
        && shape.axes().stream().allMatch(PlanarConvolution::isPlain);
  }

  private static boolean isPlain(Axis axis) {
    return axis.stride() == 1 && axis.dilation() == 1;
  }

  /** Floats of the output. */
  public int outputLength() {
    return outputLength;
  }

  /**
   * Computes the output.
   *
   * @param x NCHW
   * @param filter {@code [outChannels][inChannels][kernel...]}
   * @param bias one value for each output channel, or null for zeros
   * @param y NCHW16C, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] x, float[] filter, float[] bias, float[] y) {
    Check.length("x", x, inputLength);
    Check.length("filter", filter, filterLength);
    Check.length("y", y, outputLength);
    if (bias != null) {
      Check.length("bias", bias, shape.outChannels());
    }
    ForwardTask task = forward.take();
    task.run(x, filter, bias, y, workers);
    forward.give(task);
  }

  /**
   * Carries a gradient back to the filter and the bias.
   *
   * @param x of the run
   * @param y of the run
   * @param dy gradient of y, NCHW16C; becomes that of the activation's argument
   * @param dFilter gradient of the filter, overwritten
   * @param dBias gradient of the bias, overwritten
   * @throws IllegalArgumentException if a length is wrong, or the activation's gradient follows
   *     from its argument alone
   */
  public void backward(float[] x, float[] y, float[] dy, float[] dFilter, float[] dBias) {
    Check.that(
        !Activations.needsInput(activation), "the gradient of %s needs its argument", activation);
    Check.length("x", x, inputLength);
    Check.length("y", y, outputLength);
    Check.length("dy", dy, outputLength);
    Check.length("dFilter", dFilter, filterLength);
    Check.length("dBias", dBias, shape.outChannels());
    if (shape.batch() == 0) {
      Arrays.fill(dFilter, 0f);
      Arrays.fill(dBias, 0f);
      return;
    }
    GradientTask task = gradients.take();
    task.run(x, activation, y, dy, dFilter, dBias, workers);
    gradients.give(task);
  }
}
