package dev.lanewise.kernels.activation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation.Celu;
import dev.lanewise.kernels.activation.Activation.Clamp;
import dev.lanewise.kernels.activation.Activation.Elu;
import dev.lanewise.kernels.activation.Activation.HardSigmoid;
import dev.lanewise.kernels.activation.Activation.LeakyRelu;
import dev.lanewise.kernels.activation.Activation.Selu;
import dev.lanewise.kernels.activation.Activation.ThresholdedRelu;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationsTest {

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  static List<Activation> all() {
    return List.of(
        Activation.IDENTITY,
        Activation.RELU,
        Activation.RELU6,
        new Clamp(0.5f, 2),
        new LeakyRelu(0.1f),
        Activation.TANH,
        Activation.SIGMOID,
        Activation.EXP,
        Activation.LOG,
        Activation.SQRT,
        Activation.ABS,
        Activation.ERF,
        new Elu(0.5f),
        Activation.SELU,
        new Celu(0.75f),
        Activation.SILU,
        Activation.HARD_SWISH,
        new HardSigmoid(0.2f, 0.5f),
        Activation.GELU,
        Activation.GELU_TANH,
        Activation.SOFTPLUS,
        Activation.SOFTSIGN,
        Activation.MISH,
        new ThresholdedRelu(-0.3f));
  }

  private static float[] apply(Activation activation, float... values) {
    float[] result = values.clone();
    Activations.apply(activation, result, 0, result.length);
    return result;
  }

  /** Every 29,989th float of both signs: all magnitudes, subnormal ones too. */
  private static float[] floats() {
    float[] values = new float[2 * (0x7F800000 / 29989)];
    for (int i = 0; i < values.length / 2; i++) {
      values[2 * i] = Float.intBitsToFloat(i * 29989);
      values[2 * i + 1] = -values[2 * i];
    }
    return values;
  }

  /** The elementary functions keep 2 ulp; a composition of some keeps 3 or 4. */
  private static double allowedUlps(Activation activation) {
    return switch (activation) {
      case Activation.Silu(), Activation.HardSwish(), Activation.GeluTanh() -> 3;
      case Activation.Gelu(), Activation.Mish() -> 4;
      default -> 2;
    };
  }

  @ParameterizedTest
  @MethodSource("all")
  void resultsAreWithinTheirUnitsInTheLastPlace(Activation activation) {
    float[] x = floats();
    float[] y = apply(activation, x);
    for (int i = 0; i < x.length; i++) {
      double exact = Exact.value(activation, x[i]);
      if ((float) exact == y[i] || (Double.isNaN(exact) && Float.isNaN(y[i]))) {
        continue;
      }
      double ulps = Math.abs(y[i] - exact) / Math.ulp((float) exact);
      if (!(ulps <= allowedUlps(activation))) {
        assertEquals(exact, y[i], activation + " of " + x[i] + " is " + ulps + " ulp off");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void vectorsAndScalarsGiveTheSameBits(Activation activation) {
    Random random = new Random(3);
    float[] x = new float[1001];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-20, 8)));
    }
    float[] whole = apply(activation, x);
    float[] single = x.clone();
    for (int i = 0; i < x.length; i++) {
      Activations.apply(activation, single, i, i + 1);
    }
    assertSameBits(single, whole);
    float[] dx = new float[x.length];
    float[] singleDx = new float[x.length];
    Activations.backward(activation, whole, x, dx, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      Activations.backward(activation, whole, x, singleDx, i, i + 1);
    }
    assertSameBits(singleDx, dx);
  }

  private static void assertSameBits(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(actual[i]));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void specialValuesKeepTheirMeaning(Activation activation) {
    float[] x = new float[48];
    float[] expected = new float[48];
    float[] special = {Float.NaN, INFINITY, -INFINITY, 0f, -0f, Float.MIN_VALUE};
    for (int i = 0; i < x.length; i++) {
      x[i] = special[i % special.length];
      expected[i] = (float) Exact.value(activation, x[i]);
    }
    float[] y = apply(activation, x);
    for (int i = 0; i < x.length; i++) {
      // Half of the least subnormal may round either way.
      assertEquals(expected[i] + 0f, y[i] + 0f, Float.MIN_VALUE, activation + " of " + x[i]);
    }
  }

  @Test
  void tanhIsOddDownToNegativeZero() {
    float[] y = apply(Activation.TANH, -0f, 0f, -Float.MIN_VALUE, -20f);
    assertArrayEquals(new float[] {-0f, 0f, -Float.MIN_VALUE, -1f}, y);
  }

  @ParameterizedTest
  @MethodSource("all")
  void derivativeMatchesTheDifferenceQuotient(Activation activation) {
    DoubleUnaryOperator f = x -> Exact.value(activation, x);
    float[] x = {
      -3.1f, -1.2f, -0.4f, 0.3f, 0.7f, 1.1f, 1.9f, 2.6f, 7f, 5f, -0.1f, -8, 3.2f, 1, 4, 9, 8
    };
    boolean positive = Double.isNaN(Exact.value(activation, -1));
    for (int i = 0; i < x.length && positive; i++) {
      x[i] = Math.abs(x[i]);
    }
    float[] kept = Activations.needsInput(activation) ? x : apply(activation, x);
    float[] dy = new float[x.length];
    Arrays.fill(dy, 3);
    float[] dx = new float[x.length];
    Activations.backward(activation, kept, dy, dx, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double step = 1e-5;
      double slope = (f.applyAsDouble(x[i] + step) - f.applyAsDouble(x[i] - step)) / (2 * step);
      double tolerance = 2e-6 * Math.max(1, Math.abs(slope));
      assertEquals(3 * slope, dx[i], tolerance, activation + " at " + x[i]);
    }
    Activations.backward(activation, kept, dy, dy, 0, x.length);
    assertArrayEquals(dx, dy, "in place");
  }

  @Test
  void onlyTheRangeIsTouched() {
    float[] values = new float[60];
    Arrays.fill(values, -1);
    Activations.apply(Activation.RELU, values, 3, 57);
    for (int i = 0; i < values.length; i++) {
      assertEquals(i < 3 || i >= 57 ? -1 : 0, values[i]);
    }
    assertThrows(
        IndexOutOfBoundsException.class, () -> Activations.apply(Activation.RELU, values, 50, 61));
  }

  @ParameterizedTest
  @MethodSource("all")
  void paddingLanesStayZero(Activation activation) {
    float[] values = new float[5 * 16];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 16 < 3 ? i : 0;
    }
    float[] plain = apply(activation, values);
    Activations.applyBlocked(activation, values, 16, 64, 3);
    for (int i = 0; i < values.length; i++) {
      boolean inside = i >= 16 && i < 64;
      float before = i % 16 < 3 ? i : 0;
      assertEquals(inside ? (i % 16 < 3 ? plain[i] : 0) : before, values[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aBiasComesBeforeTheActivation(Activation activation) {
    for (int channels : new int[] {3, 16}) {
      float[] bias = new float[21];
      float[] values = new float[80];
      float[] expected = new float[80];
      for (int i = 0; i < 80; i++) {
        int lane = i % 16;
        boolean channel = lane < channels;
        bias[5 + lane] = channel ? lane - 7.5f : 0;
        values[i] = channel ? i % 11 - 4 : 0;
        expected[i] = values[i] + (i >= 16 && i < 64 ? bias[5 + lane] : 0);
      }
      Activations.applyBlocked(activation, expected, 16, 64, channels);
      Activations.applyBlocked(activation, bias, 5, values, 16, 3, channels);
      assertArrayEquals(expected, values);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradientsOfPaddingLanesStayZero(Activation activation) {
    float[] zeros = new float[48];
    Activations.backward(activation, new float[48], zeros, zeros, 0, 48);
    for (float value : zeros) {
      assertEquals(0, value + 0f);
    }
  }

  @Tag(SteadyState.TAG)
  @Test
  void aSteadyStateAllocatesNothing() {
    Activation[] activations = all().toArray(Activation[]::new);
    float[] values = new float[100];
    SteadyState.assertAllocatesNothing(
        () -> {
          for (Activation activation : activations) {
            Activations.apply(activation, values, 0, 100);
            Activations.backward(activation, values, values, values, 0, 100);
          }
        });
  }

  @Test
  void boundsAndSlopesAreValidated() {
    assertThrows(IllegalArgumentException.class, () -> new Clamp(1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Clamp(Float.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new LeakyRelu(-0.1f));
    assertThrows(IllegalArgumentException.class, () -> new Elu(-1));
    assertThrows(IllegalArgumentException.class, () -> new Selu(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Celu(0));
    assertThrows(IllegalArgumentException.class, () -> new HardSigmoid(1, Float.NaN));
    assertThrows(IllegalArgumentException.class, () -> new ThresholdedRelu(Float.NaN));
    String message =
        assertThrows(IllegalArgumentException.class, () -> new LeakyRelu(Float.NaN)).getMessage();
    assertTrue(message.contains("slope must be finite"), message);
  }
}
