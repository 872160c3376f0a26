package dev.lanewise.kernels.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.Values;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.im2col.Reference;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WinogradFilterGradientTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers THREE = Workers.of(3);

  /** 2^-24. */
  private static final double HALF_ULP = 0x1p-24;

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  private static float[] reals(int[] dims, long seed) {
    float[] planar = Values.reals(Layout.NCHW.length(dims), seed);
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  private static float[] run(ConvShape shape, int outputs, float[] x, float[] dy, Workers workers) {
    float[] df = new float[shape.filterLength()];
    Arrays.fill(df, Float.NaN);
    WinogradFilterGradient gradient = new WinogradFilterGradient(shape, outputs);
    gradient.run(FilterGradientCall.of(x, dy, df), workers);
    gradient.run(FilterGradientCall.of(x, dy, df), workers);
    return df;
  }

  private static double[] exact(ConvShape shape) {
    float[] x = Values.reals(Layout.NCHW.length(shape.inputDims()), 1);
    float[] dy = Values.reals(Layout.NCHW.length(shape.outputDims()), 2);
    double[] df = new double[shape.filterLength()];
    Reference.visit(shape, (i, f, o) -> df[f] += (double) x[i] * dy[o]);
    return df;
  }

  /** Borders, cropped tiles, odd channels, groups, dilation, batches, one and two axes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mb3ic40ih13iw17oc33kh3ph1",
        "mb2g2ic32ih9oc64kh3ph1",
        "mb2g2ic96ih7iw5oc32kh3ph1",
        "mb12ic33ih4oc17kh3ph1",
        "ic20ih2iw3oc17kh3ph1",
        "ic20ih9iw11oc17kh3dh1ph2",
        "mb2ic20ih9iw11oc17kh3",
        "mb2ic24iw50oc40kw3pw1",
        "ic20ih9iw11oc17kh5ph2",
        "mb16ic64ih6oc18kh3ph1",
        "mb2ic100ih5iw3oc9kh3ph1",
        "mb2ic16id3ih8iw9oc16kd1kh3kw3pd0ph1pw1"
      })
  void differsFromTheSumByRoundingOnly(String text) {
    ConvShape shape = ConvShape.parse(text);
    float[] x = reals(shape.inputDims(), 1);
    float[] dy = reals(shape.outputDims(), 2);
    double[] exact = exact(shape);
    double walk = HALF_ULP * Math.sqrt((double) shape.batch() * shape.outputPixels());
    for (int outputs = 2; outputs <= 6; outputs += 2) {
      if (WinogradFilterGradient.objection(shape, outputs).isPresent()) {
        continue;
      }
      float[] df = run(shape, outputs, x, dy, ONE);
      assertArrayEquals(df, run(shape, outputs, x, dy, THREE));
      double error = distance(exact, df);
      double bound = 2 * outputs * walk;
      assertTrue(error < bound, shape + ", F" + outputs + ": " + error + " over " + bound);
      double proven = RoundingBound.ofFilterGradient(shape, outputs, 0.5, 0.5);
      for (int i = 0; i < df.length; i++) {
        assertEquals(exact[i], df[i], proven, shape + ", F" + outputs);
      }
    }
  }

  /** Root mean square of the errors over that of the gradient. */
  private static double distance(double[] exact, float[] df) {
    double squares = 0;
    double errors = 0;
    for (int i = 0; i < df.length; i++) {
      squares += exact[i] * exact[i];
      errors += (df[i] - exact[i]) * (df[i] - exact[i]);
    }
    return Math.sqrt(errors / squares);
  }

  @Test
  void sumsOfFewTilesAreTransformedBeforeTheyAreStored() {
    for (String text : List.of("ic512ih7oc512kh3ph1", "mb3ic64ih8oc64kh3ph1")) {
      String facts = new WinogradFilterGradient(ConvShape.parse(text), 4).explain().toString();
      assertTrue(facts.contains("transformed in cache"), facts);
    }
    for (String text : List.of("ic128ih28oc128kh3ph1", "mb4ic512ih7oc512kh3ph1")) {
      String facts = new WinogradFilterGradient(ConvShape.parse(text), 4).explain().toString();
      assertTrue(facts.contains("chunk"), facts);
    }
  }

  /** Sums over few pixels that are written where they belong cost less than transforms. */
  @Test
  void fewPixelsAreSummed() {
    ConvOptions options = ConvOptions.defaults().withWorkers(ONE);
    ConvShape large = ConvShape.conv2d(1, 512, 7, 7, 512, 3, 3).padding(1);
    assertEquals(Algorithm.WINOGRAD_F4, ConvGradient.of(large, options).filterAlgorithm());
    ConvShape small = ConvShape.conv2d(1, 512, 4, 4, 512, 3, 3).padding(1);
    assertEquals(Algorithm.DIRECT, ConvGradient.of(small, options).filterAlgorithm());
  }

  /** Chunks of unequal size: what one leaves in the last run must not be summed by the next. */
  @Test
  void chunksAreAddedAndLeaveNothingBehind() {
    ConvShape shape = ConvShape.conv2d(1, 320, 36, 52, 336, 3, 3).padding(1);
    GradientPlanes planes = new GradientPlanes(new Tiling(shape, 4));
    assertEquals(2, planes.chunks);
    assertNotEquals(planes.padding(0), planes.padding(1));
    assertAgreesWithSums(shape);
  }

  private static void assertAgreesWithSums(ConvShape shape) {
    float[] x = reals(shape.inputDims(), 1);
    float[] dy = reals(shape.outputDims(), 2);
    float[] sums = new float[shape.filterLength()];
    ConvOptions strict = ConvOptions.defaults().withAccuracy(Accuracy.STRICT).withWorkers(ONE);
    ConvGradient.of(shape, strict).filter(x, dy, sums);
    double[] expected = new double[sums.length];
    Arrays.setAll(expected, i -> sums[i]);
    float[] gradient = run(shape, 4, x, dy, THREE);
    assertArrayEquals(run(shape, 4, x, dy, ONE), gradient);
    double error = distance(expected, gradient);
    double bound = 8 * HALF_ULP * Math.sqrt((double) shape.batch() * shape.outputPixels());
    assertTrue(error < bound, () -> shape + " differs by " + error);
  }

  /** Sums go on from chunk to chunk of a part; chunks are of unequal size and parts too. */
  @Test
  void partsOfManyChunksAreAdded() {
    for (String text : List.of("mb5ic32ih61iw58oc24kh3ph1", "mb6g2ic64ih60iw61oc32kh3ph1")) {
      ConvShape shape = ConvShape.parse(text);
      GradientPlanes planes = new GradientPlanes(new Tiling(shape, 4));
      assertTrue(planes.own, text);
      assertTrue(planes.chunks > 2 * planes.parts, text);
      assertNotEquals(0, planes.chunks % planes.parts, text);
      assertAgreesWithSums(shape);
    }
  }

  @Test
  void strictGradientsAreSums() {
    ConvShape shape = ConvShape.conv2d(2, 64, 28, 28, 64, 3, 3).padding(1);
    ConvOptions options = ConvOptions.defaults().withWorkers(ONE);
    ConvOptions strict = options.withAccuracy(Accuracy.STRICT);
    assertEquals(Algorithm.WINOGRAD_F4, ConvGradient.of(shape, options).filterAlgorithm());
    assertEquals(Algorithm.DIRECT, ConvGradient.of(shape, strict).filterAlgorithm());
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    for (String text :
        List.of(
            "mb2ic33ih9oc17kh3ph1",
            "ic33ih7oc17kh3ph1",
            "ic18iw20oc17kw3pw1",
            "mb5ic32ih61iw58oc24kh3ph1")) {
      ConvShape shape = ConvShape.parse(text);
      WinogradFilterGradient gradient = new WinogradFilterGradient(shape, 4);
      float[] x = reals(shape.inputDims(), 1);
      float[] dy = reals(shape.outputDims(), 2);
      float[] df = new float[shape.filterLength()];
      FilterGradientCall call = FilterGradientCall.of(x, dy, df);
      SteadyState.assertAllocatesNothing(() -> gradient.run(call, ONE));
    }
  }
}
