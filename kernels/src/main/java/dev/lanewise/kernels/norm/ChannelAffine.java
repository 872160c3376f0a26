package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;
import java.util.Arrays;
import java.util.Objects;

/**
 * {@code y = activation(x scale + shift)} with a scale and a shift for each channel: a batch norm
 * in use that no convolution takes in, or the weighing of channels by squeeze-and-excitation.
 *
 * <p>A plan is immutable and safe for concurrent callers; its runs allocate nothing.
 */
public final class ChannelAffine {

  /** More than a piece of a plane takes once compiled, by any activation, and far less before. */
  private static final long COMPILED_NANOS = 10_000;

  private final int images;
  private final int imageLength;
  private final int coefficients;
  private final Activation activation;
  private final Workers workers;
  private final Spare<AffineCall> calls;

  private ChannelAffine(int[] dims, Activation activation, Workers workers) {
    images = dims[0];
    this.activation = activation;
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

  /** Calls what a run calls until the compiler has done its best with it. */
  public void warmUp() {
    if (!Lanes.vectorised()) {
      return;
    }
    AffineCall call = new AffineCall(1, Layout.BLOCK, NormSets.PIECE, activation);
    Slice coefficients = new Slice(new float[Layout.BLOCK], 0, 0);
    Slice values = new Slice(new float[NormSets.PIECE * Layout.BLOCK], 0, 0);
    call.operands(values, coefficients, coefficients, values);
    WarmUp.once(new Warm(activation.getClass()), () -> call.piece(0, 0, 0), COMPILED_NANOS);
  }

  /** What code runs. */
  private record Warm(Class<? extends Activation> activation) {}

  /** Coefficients may be those of one image for all. */
  private void requireCoefficients(String name, Slice slice) {
    slice.require(name, slice.imageStride() == 0 ? Math.min(1, images) : images, coefficients);
  }
}
