package dev.lanewise.kernels.activation;

import dev.lanewise.kernels.activation.Activation.Abs;
import dev.lanewise.kernels.activation.Activation.Celu;
import dev.lanewise.kernels.activation.Activation.Clamp;
import dev.lanewise.kernels.activation.Activation.Elu;
import dev.lanewise.kernels.activation.Activation.Erf;
import dev.lanewise.kernels.activation.Activation.Exp;
import dev.lanewise.kernels.activation.Activation.Gelu;
import dev.lanewise.kernels.activation.Activation.GeluTanh;
import dev.lanewise.kernels.activation.Activation.HardSigmoid;
import dev.lanewise.kernels.activation.Activation.HardSwish;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activation.LeakyRelu;
import dev.lanewise.kernels.activation.Activation.Log;
import dev.lanewise.kernels.activation.Activation.Mish;
import dev.lanewise.kernels.activation.Activation.Relu;
import dev.lanewise.kernels.activation.Activation.Selu;
import dev.lanewise.kernels.activation.Activation.Sigmoid;
import dev.lanewise.kernels.activation.Activation.Silu;
import dev.lanewise.kernels.activation.Activation.Softplus;
import dev.lanewise.kernels.activation.Activation.Softsign;
import dev.lanewise.kernels.activation.Activation.Sqrt;
import dev.lanewise.kernels.activation.Activation.Tanh;
import dev.lanewise.kernels.activation.Activation.ThresholdedRelu;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Blocks;
import java.util.Arrays;
import java.util.Objects;

/**
 * Applies activations and their derivatives to ranges of floats, on lanes where the machine has
 * them. Nothing here allocates.
 */
public final class Activations {

  private static final float UNBOUNDED = Float.POSITIVE_INFINITY;

  private Activations() {}

  /**
   * Applies an activation in place.
   *
   * @param from first index
   * @param to one past the last
   * @throws IndexOutOfBoundsException if the range leaves the array
   */
  public static void apply(Activation activation, float[] values, int from, int to) {
    Objects.checkFromToIndex(from, to, values.length);
    switch (activation) {
      case Identity() -> {}
      case Relu() -> Curves.clamp(values, from, to, 0, UNBOUNDED);
      case Clamp(float low, float high) -> Curves.clamp(values, from, to, low, high);
      case LeakyRelu(float slope) -> Curves.leaky(values, from, to, slope);
      case Tanh() -> Curves.tanh(values, from, to);
      case Sigmoid() -> Curves.sigmoid(values, from, to);
      case Exp() -> Curves.exp(values, from, to);
      case Log() -> Curves.log(values, from, to);
      case Sqrt() -> Curves.sqrt(values, from, to);
      case Abs() -> Curves.abs(values, from, to);
      case Erf() -> Curves.erf(values, from, to);
      case Elu(float alpha) -> Curves.elu(values, from, to, alpha, 1, 1);
      case Selu(float alpha, float gamma) -> Curves.elu(values, from, to, alpha * gamma, 1, gamma);
      case Celu(float alpha) -> Curves.elu(values, from, to, alpha, alpha, 1);
      case Silu() -> Curves.silu(values, from, to);
      case HardSwish() -> Curves.hardSwish(values, from, to);
      case HardSigmoid(float alpha, float beta) ->
          Curves.hardSigmoid(values, from, to, alpha, beta);
      case Gelu() -> Curves.gelu(values, from, to);
      case GeluTanh() -> Curves.geluTanh(values, from, to);
      case Softplus() -> Curves.softplus(values, from, to);
      case Softsign() -> Curves.softsign(values, from, to);
      case Mish() -> Curves.mish(values, from, to);
      case ThresholdedRelu(float theta) -> Curves.threshold(values, from, to, theta);
    }
  }

  /**
   * Applies an activation in place to whole pixels of one channel block of {@link Layout#NCHW16C},
   * and leaves zero in the lanes that are padding.
   *
   * @param from first index, where a pixel begins
   * @param to one past the last
   * @param channels how many lanes of the block are channels, 1 to 16
   * @throws IllegalArgumentException if the range is not whole pixels or the channels are others
   * @throws IndexOutOfBoundsException if the range leaves the array
   */
  public static void applyBlocked(
      Activation activation, float[] values, int from, int to, int channels) {
    if (channels < 1 || channels > Layout.BLOCK || (to - from) % Layout.BLOCK != 0) {
      throw new IllegalArgumentException(
          "whole pixels of 1 to 16 channels, not %d floats of %d".formatted(to - from, channels));
    }
    apply(activation, values, from, to);
    if (channels < Layout.BLOCK && !keepsZero(activation)) {
      for (int pixel = from; pixel < to; pixel += Layout.BLOCK) {
        Arrays.fill(values, pixel + channels, pixel + Layout.BLOCK, 0f);
      }
    }
  }

  /**
   * Adds a bias to whole pixels of one channel block and applies an activation, in one pass where
   * that is a clamp.
   *
   * @param bias 16 values from {@code at} on, zeros in the lanes that are padding
   * @param from where the first pixel begins
   * @param pixels how many
   * @param channels how many lanes of the block are channels, 1 to 16
   * @throws IndexOutOfBoundsException if a range leaves its array
   */
  public static void applyBlocked(
      Activation activation,
      float[] bias,
      int at,
      float[] values,
      int from,
      int pixels,
      int channels) {
    boolean plain = channels == Layout.BLOCK || keepsZero(activation);
    switch (activation) {
      case Relu() -> Blocks.addClamp(bias, at, values, from, pixels, 0, UNBOUNDED);
      case Clamp(float low, float high) when plain ->
          Blocks.addClamp(bias, at, values, from, pixels, low, high);
      default -> {
        Blocks.add(bias, at, 0, values, from, Layout.BLOCK, pixels);
        applyBlocked(activation, values, from, from + pixels * Layout.BLOCK, channels);
      }
    }
  }

  /**
   * Multiplies a gradient by the derivative, which is computed from the activation's argument or
   * its result, as {@link #needsInput} says.
   *
   * <p>A clamped value has derivative 0 on its bounds, and a leaky one {@code slope} at 0. Where a
   * gradient is zero, as in padding lanes, it stays so even if the derivative is infinite.
   *
   * @param kept argument of the activation if it needs its input, else its result
   * @param dy gradient of the result
   * @param dx gradient of the argument, overwritten from {@code from} to {@code to}; may be {@code
   *     dy}
   * @throws IndexOutOfBoundsException if the range leaves an array
   */
  public static void backward(
      Activation activation, float[] kept, float[] dy, float[] dx, int from, int to) {
    Objects.checkFromToIndex(from, to, kept.length);
    Objects.checkFromToIndex(from, to, dy.length);
    Objects.checkFromToIndex(from, to, dx.length);
    switch (activation) {
      case Identity() -> System.arraycopy(dy, from, dx, from, to - from);
      case Relu() -> Curves.clampBackward(kept, dy, dx, from, to, 0, UNBOUNDED);
      case Clamp(float low, float high) -> Curves.clampBackward(kept, dy, dx, from, to, low, high);
      case LeakyRelu(float slope) -> Curves.leakyBackward(kept, dy, dx, from, to, slope);
      case Tanh() -> Curves.tanhBackward(kept, dy, dx, from, to);
      case Sigmoid() -> Curves.sigmoidBackward(kept, dy, dx, from, to);
      case Exp() -> Curves.expBackward(kept, dy, dx, from, to);
      case Log() -> Curves.logBackward(kept, dy, dx, from, to);
      case Sqrt() -> Curves.sqrtBackward(kept, dy, dx, from, to);
      case Abs() -> Curves.absBackward(kept, dy, dx, from, to);
      case Erf() -> Curves.erfBackward(kept, dy, dx, from, to);
      case Elu(float alpha) -> Curves.eluBackward(kept, dy, dx, from, to, alpha, 1, 1);
      case Selu(float alpha, float gamma) ->
          Curves.eluBackward(kept, dy, dx, from, to, alpha * gamma, 1, gamma);
      case Celu(float alpha) -> Curves.eluBackward(kept, dy, dx, from, to, alpha, alpha, 1);
      case Silu() -> Curves.siluBackward(kept, dy, dx, from, to);
      case HardSwish() -> Curves.hardSwishBackward(kept, dy, dx, from, to);
      case HardSigmoid(float alpha, _) -> Curves.hardSigmoidBackward(kept, dy, dx, from, to, alpha);
      case Gelu() -> Curves.geluBackward(kept, dy, dx, from, to);
      case GeluTanh() -> Curves.geluTanhBackward(kept, dy, dx, from, to);
      case Softplus() -> Curves.softplusBackward(kept, dy, dx, from, to);
      case Softsign() -> Curves.softsignBackward(kept, dy, dx, from, to);
      case Mish() -> Curves.mishBackward(kept, dy, dx, from, to);
      case ThresholdedRelu(float theta) -> Curves.thresholdBackward(kept, dy, dx, from, to, theta);
    }
  }

  /**
   * Whether the derivative is computed from the activation's argument; otherwise it follows from
   * the result, and the argument need not be kept.
   */
  public static boolean needsInput(Activation activation) {
    return switch (activation) {
      case Log(), Abs(), Erf(), Silu(), HardSwish(), Gelu(), GeluTanh() -> true;
      case Softplus(), Softsign(), Mish(), ThresholdedRelu(_) -> true;
      case Identity(), Relu(), Clamp(_, _), LeakyRelu(_), Tanh(), Sigmoid() -> false;
      case Exp(), Sqrt(), Elu(_), Selu(_, _), Celu(_), HardSigmoid(_, _) -> false;
    };
  }

  /** Whether zero stays zero, so that padding lanes need no mask. */
  public static boolean keepsZero(Activation activation) {
    return switch (activation) {
      case Clamp(float low, float high) -> low <= 0 && high >= 0;
      case HardSigmoid(_, float beta) -> beta <= 0;
      case Sigmoid(), Exp(), Log(), Softplus() -> false;
      case Identity(), Relu(), LeakyRelu(_), Tanh(), Sqrt(), Abs(), Erf() -> true;
      case Elu(_), Selu(_, _), Celu(_), Silu(), HardSwish(), Gelu(), GeluTanh() -> true;
      case Softsign(), Mish(), ThresholdedRelu(_) -> true;
    };
  }
}
