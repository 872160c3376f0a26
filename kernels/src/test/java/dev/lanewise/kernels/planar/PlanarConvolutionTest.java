package dev.lanewise.kernels.planar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.Values;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Lanes;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanarConvolutionTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers THREE = Workers.of(3);
  private static final String LENET = "mb19ic1ih32oc6kh5";

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  /** Operands of one problem. */
  private static final class Operands {
    final ConvShape shape;
    final float[] x;
    final float[] filter;
    final float[] bias;
    final float[] dy;
    final float[] y;
    final float[] dFilter;
    final float[] dBias;

    Operands(String text, boolean integers) {
      shape = ConvShape.parse(text);
      x = values(Layout.NCHW.length(shape.inputDims()), 1, integers);
      filter = values(shape.filterLength(), 2, integers);
      bias = values(shape.outChannels(), 3, integers);
      dy = blocked(shape.outputDims(), values(pixels(shape), 4, integers));
      y = new float[dy.length];
      Arrays.fill(y, Float.NaN);
      dFilter = new float[filter.length];
      dBias = new float[bias.length];
    }

    private static int pixels(ConvShape shape) {
      return Layout.NCHW.length(shape.outputDims());
    }

    private static float[] values(int length, long seed, boolean integers) {
      return integers ? Values.integers(length, seed) : Values.reals(length, seed);
    }

    static float[] blocked(int[] dims, float[] planar) {
      return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
    }

    float[] blockedInput() {
      return blocked(shape.inputDims(), x);
    }

    Operands run(Activation activation, Workers workers) {
      PlanarConvolution plan = new PlanarConvolution(shape, activation, workers);
      plan.run(x, filter, bias, y);
      plan.backward(x, y, dy, dFilter, dBias);
      return this;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LENET,
        "mb2ic3ih18iw27oc8kh3kw3ph1pw1",
        "mb1ic2ih17iw40oc1kh4kw2ph0pw3",
        "mb9ic1ih16iw16oc7kh1kw1",
        "mb0ic1ih32oc6kh5"
      })
  void integersAreExact(String text) {
    Operands given = new Operands(text, true);
    float[] expected = new float[given.y.length];
    ConvOptions options =
        ConvOptions.defaults()
            .withAlgorithm(Algorithm.DIRECT)
            .withActivation(Activation.RELU)
            .withWorkers(ONE);
    ConvPlan plan = ConvPlan.of(given.shape, options);
    plan.run(given.blockedInput(), plan.pack(given.filter, given.bias), expected);
    float[] passed = given.dy.clone();
    for (int i = 0; i < passed.length; i++) {
      passed[i] = expected[i] > 0 ? passed[i] : 0;
    }
    float[] dFilter = new float[given.filter.length];
    float[] dBias = new float[given.bias.length];
    ConvGradient gradient = ConvGradient.of(given.shape, ConvOptions.defaults().withWorkers(ONE));
    gradient.filter(given.blockedInput(), passed, dFilter);
    gradient.bias(passed, dBias);

    given.run(Activation.RELU, THREE);
    assertArrayEquals(expected, given.y, "output");
    assertArrayEquals(passed, given.dy, "gradient of the activation's argument");
    assertArrayEquals(dFilter, given.dFilter, "gradient by filter");
    assertArrayEquals(dBias, given.dBias, "gradient by bias");
  }

  @Test
  void noBiasIsABiasOfZeros() {
    Operands given = new Operands(LENET, true);
    PlanarConvolution plan = new PlanarConvolution(given.shape, Activation.IDENTITY, ONE);
    float[] expected = new float[given.y.length];
    plan.run(given.x, given.filter, new float[6], expected);
    plan.run(given.x, given.filter, null, given.y);
    assertArrayEquals(expected, given.y);
  }

  @Test
  void bitsDoNotDependOnThreads() {
    Operands alone = new Operands(LENET, false).run(Activation.TANH, ONE);
    Operands together = new Operands(LENET, false).run(Activation.TANH, THREE);
    assertArrayEquals(alone.y, together.y);
    assertArrayEquals(alone.dFilter, together.dFilter);
    assertArrayEquals(alone.dBias, together.dBias);
  }

  @Test
  void vectorsGiveTheScalarBits() {
    assumeTrue(Lanes.vectorised());
    int[] offsets = {0, 1, 33, 34, 66};
    int length = 3 * ScalarPlanes.STRIP;
    float[] in = Values.reals(length + 100, 1);
    float[] filter = Values.reals(18, 2);
    float[] expected = new float[3 * length];
    float[] planes = new float[3 * length];
    ScalarPlanes.sums(in, 7, offsets, filter, 0, expected, 0, length);
    VectorPlanes.sums(in, 7, offsets, filter, 0, planes, 0, length);
    assertArrayEquals(expected, planes);
    float[] sums = Values.reals(15 * Layout.BLOCK, 3);
    float[] others = sums.clone();
    ScalarPlanes.gradient(in, 7, offsets, 0, planes, 0, length, sums, 0);
    VectorPlanes.gradient(in, 7, offsets, 0, planes, 0, length, others, 0);
    assertArrayEquals(sums, others);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    Operands given = new Operands(LENET, false);
    PlanarConvolution plan = new PlanarConvolution(given.shape, Activation.TANH, ONE);
    SteadyState.assertAllocatesNothing(() -> plan.run(given.x, given.filter, given.bias, given.y));
    SteadyState.assertAllocatesNothing(
        () -> plan.backward(given.x, given.y, given.dy, given.dFilter, given.dBias));
  }

  @Test
  void otherShapesAndActivationsAreRefused() {
    assertTrue(PlanarConvolution.computes(ConvShape.parse(LENET)));
    for (String text :
        new String[] {"ic1ih32oc9kh5", "ic1ih32oc6kh5sh2", "g2ic2ih32oc6kh5", "ic1ih16oc6kh5"}) {
      ConvShape shape = ConvShape.parse(text);
      assertFalse(PlanarConvolution.computes(shape), text);
      assertThrows(
          IllegalArgumentException.class,
          () -> new PlanarConvolution(shape, Activation.IDENTITY, ONE));
    }
    Operands given = new Operands(LENET, false);
    assertThrows(IllegalArgumentException.class, () -> given.run(Activation.SILU, ONE));
  }
}
