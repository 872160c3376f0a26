package dev.lanewise.kernels.activation;

import dev.lanewise.kernels.activation.Activation.Clamp;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activation.LeakyRelu;
import dev.lanewise.kernels.activation.Activation.Relu;
import dev.lanewise.kernels.activation.Activation.Sigmoid;
import dev.lanewise.kernels.activation.Activation.Tanh;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Lanes;
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
      case Relu() -> clamp(values, from, to, 0, UNBOUNDED);
      case Clamp(float low, float high) -> clamp(values, from, to, low, high);
      case LeakyRelu(float slope) -> leaky(values, from, to, slope);
      case Tanh() -> sigmoidal(Sigmoidal.TANH, values, from, to);
      case Sigmoid() -> sigmoidal(Sigmoidal.SIGMOID, values, from, to);
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
   * Multiplies a gradient by the derivative, which is computed from the activation's result.
   *
   * <p>A clamped value has derivative 0 on its bounds, and a leaky one {@code slope} at 0. Padding
   * lanes of a gradient that are zero stay so.
   *
   * @param y result of the activation
   * @param dy gradient of the result
   * @param dx gradient of the value, overwritten from {@code from} to {@code to}; may be {@code dy}
   * @throws IndexOutOfBoundsException if the range leaves an array
   */
  public static void backward(
      Activation activation, float[] y, float[] dy, float[] dx, int from, int to) {
    Objects.checkFromToIndex(from, to, y.length);
    Objects.checkFromToIndex(from, to, dy.length);
    Objects.checkFromToIndex(from, to, dx.length);
    switch (activation) {
      case Identity() -> System.arraycopy(dy, from, dx, from, to - from);
      case Relu() -> clampBackward(y, dy, dx, from, to, 0, UNBOUNDED);
      case Clamp(float low, float high) -> clampBackward(y, dy, dx, from, to, low, high);
      case LeakyRelu(float slope) -> leakyBackward(y, dy, dx, from, to, slope);
      case Tanh() -> sigmoidalBackward(Sigmoidal.TANH, y, dy, dx, from, to);
      case Sigmoid() -> sigmoidalBackward(Sigmoidal.SIGMOID, y, dy, dx, from, to);
    }
  }

  /** Whether zero stays zero, so that padding lanes need no mask. */
  public static boolean keepsZero(Activation activation) {
    return switch (activation) {
      case Clamp(float low, float high) -> low <= 0 && high >= 0;
      case Sigmoid() -> false;
      case Identity(), Relu(), LeakyRelu(_), Tanh() -> true;
    };
  }

  private static void clamp(float[] values, int from, int to, float low, float high) {
    int rest = Lanes.vectorised() ? VectorLoops.clamp(values, from, to, low, high) : from;
    ScalarLoops.clamp(values, rest, to, low, high);
  }

  private static void leaky(float[] values, int from, int to, float slope) {
    int rest = Lanes.vectorised() ? VectorLoops.leaky(values, from, to, slope) : from;
    ScalarLoops.leaky(values, rest, to, slope);
  }

  private static void sigmoidal(Sigmoidal curve, float[] values, int from, int to) {
    int rest = Lanes.vectorised() ? VectorLoops.sigmoidal(curve, values, from, to) : from;
    ScalarLoops.sigmoidal(curve, values, rest, to);
  }

  private static void clampBackward(
      float[] y, float[] dy, float[] dx, int from, int to, float low, float high) {
    int rest =
        Lanes.vectorised() ? VectorLoops.clampBackward(y, dy, dx, from, to, low, high) : from;
    ScalarLoops.clampBackward(y, dy, dx, rest, to, low, high);
  }

  private static void leakyBackward(
      float[] y, float[] dy, float[] dx, int from, int to, float slope) {
    int rest = Lanes.vectorised() ? VectorLoops.leakyBackward(y, dy, dx, from, to, slope) : from;
    ScalarLoops.leakyBackward(y, dy, dx, rest, to, slope);
  }

  private static void sigmoidalBackward(
      Sigmoidal curve, float[] y, float[] dy, float[] dx, int from, int to) {
    int rest =
        Lanes.vectorised() ? VectorLoops.sigmoidalBackward(curve, y, dy, dx, from, to) : from;
    ScalarLoops.sigmoidalBackward(curve, y, dy, dx, rest, to);
  }
}
