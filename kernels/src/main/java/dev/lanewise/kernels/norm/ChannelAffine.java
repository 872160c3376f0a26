package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Arrays;
import java.util.Objects;

/**
 * {@code y = activation(x scale + shift)} with a scale and a shift for each channel: a batch norm
 * in use that no convolution takes in, or the weighing of channels by squeeze-and-excitation.
 *
 * <p>A plan is immutable and safe for concurrent callers; its runs allocate nothing.
 */
public final class ChannelAffine {

  private final int images;
  private final int imageLength;
  private final int coefficients;
  private final Workers workers;
  private final Spare<AffineCall> calls;

  private ChannelAffine(int[] dims, Activation activation, Workers workers) {
    images = dims[0];
    this.workers = Objects.requireNonNull(workers, "workers");
    coefficients = Layout.blocks(dims[1]) * Layout.BLOCK;
    int pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    imageLength = coefficients * pixels;
    calls = new Spare<>(() -> new AffineCall(images, dims[1], pixels, activation));
  }

  /**
   * Plans for one shape.
   *
   * @param dims {@code [batch, channels, spatial...]}
   * @throws IllegalArgumentException if there are fewer than two dimensions or one is too small
   */
  public static ChannelAffine of(int[] dims, Activation activation, Workers workers) {
    Layout.NCHW16C.length(dims);
    Objects.requireNonNull(activation, "activation");
    return new ChannelAffine(dims.clone(), activation, workers);
  }

  /**
   * Computes.
   *
   * @param x NCHW16C
   * @param scale {@code [batch][channels]}, filled with zeros to whole blocks; an image stride of 0
   *     stands for one scale of all images
   * @param shift like the scale
   * @param y NCHW16C, overwritten; may be x
   * @throws IllegalArgumentException if a slice is too short
   */
  public void run(Slice x, Slice scale, Slice shift, Slice y) {
    x.require("x", images, imageLength);
    requireCoefficients("scale", scale);
    requireCoefficients("shift", shift);
    y.require("y", images, imageLength);
    if (images == 0) {
      return;
    }
    AffineCall call = calls.take();
    call.operands(x, scale, shift, y);
    workers.run(call);
    call.operands(null, null, null, null);
    calls.give(call);
  }

  /** Coefficients may be those of one image for all. */
  private void requireCoefficients(String name, Slice slice) {
    slice.require(name, slice.imageStride() == 0 ? Math.min(1, images) : images, coefficients);
  }
}
