package dev.lanewise.kernels.depthwise;

import static dev.lanewise.kernels.Values.integers;
import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.plan.PlainConvolution;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Taps;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DepthwisePairsTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers FIVE = Workers.of(5);
  private static final ConvOptions PAIRS =
      ConvOptions.defaults().withAlgorithm(Algorithm.DEPTHWISE_F2);

  @AfterAll
  static void close() {
    ONE.close();
    FIVE.close();
  }

  @Test
  void integersAreExactWhateverIsPadding() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      ConvShape shape = randomShape(random);
      float[] input = integers(random, Layout.NCHW.length(shape.inputDims()));
      float[] filter = integers(random, shape.filterLength());
      float[] bias = integers(random, shape.outChannels());
      float[] expected =
          Reorder.to(
              shape.outputDims(),
              Layout.NCHW,
              PlainConvolution.run(shape, input, filter, bias),
              Layout.NCHW16C);
      float[] blocked = Reorder.to(shape.inputDims(), Layout.NCHW, input, Layout.NCHW16C);
      Workers workers = i % 2 == 0 ? ONE : FIVE;
      assertArrayEquals(
          expected,
          run(shape, workers, blocked, filter, bias),
          () -> shape + " on " + workers.size());
    }
  }

  @Test
  void workersAndBatchDoNotChangeTheBits() {
    Random random = new Random(9);
    for (int i = 0; i < 60; i++) {
      ConvShape shape = randomShape(random).batch(2);
      float[] planar = reals(random, Layout.NCHW.length(shape.inputDims()));
      float[] input = Reorder.to(shape.inputDims(), Layout.NCHW, planar, Layout.NCHW16C);
      float[] filter = reals(random, shape.filterLength());
      float[] bias = reals(random, shape.outChannels());
      float[] expected = run(shape, ONE, input, filter, bias);
      assertArrayEquals(expected, run(shape, FIVE, input, filter, bias), shape::toString);
      float[] second = Arrays.copyOfRange(input, input.length / 2, input.length);
      assertArrayEquals(
          Arrays.copyOfRange(expected, expected.length / 2, expected.length),
          run(shape.batch(1), ONE, second, filter, bias),
          shape::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 2", "2, 5", "1, 1"})
  void everyLaneWidthHasTheBitsOfTheFallback(int columns, int tiles) {
    Random random = new Random(3);
    int block = Layout.BLOCK;
    int rows = 4;
    int inRow = (columns * tiles + 2) * block;
    int outRow = columns * tiles * block;
    float[] in = reals(random, (rows + 2) * inRow);
    Arrays.fill(in, inRow, 2 * inRow, -0f);
    float[] filter = reals(random, DepthwisePairs.filterFloats());
    float[] bias = new float[block];
    Arrays.fill(bias, block / 2, block, -0f);
    DepthwisePairs scalar = new DepthwisePairsScalar();
    DepthwisePairs kernel = DepthwisePairs.get();
    for (int sides = 0; sides < 16; sides++) {
      float[] expected = new float[rows * outRow];
      float[] actual = new float[rows * outRow];
      int lanes = kernel.lanes();
      if (columns == 2) {
        scalar.pair(tiles, sides, rows, in, 0, inRow, filter, 0, bias, 0, expected, 0, outRow);
        for (int c = 0; c < block; c += lanes) {
          kernel.pair(tiles, sides, rows, in, c, inRow, filter, c, bias, c, actual, c, outRow);
        }
      } else {
        scalar.single(tiles, sides, rows, in, 0, inRow, filter, 0, bias, 0, expected, 0, outRow);
        for (int c = 0; c < block; c += lanes) {
          kernel.single(tiles, sides, rows, in, c, inRow, filter, c, bias, c, actual, c, outRow);
        }
      }
      assertArrayEquals(bits(expected), bits(actual), "sides " + sides);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10, 14})
  void everyLaneWidthHasTheBitsOfTheFallbackRowByRow(int width) {
    Random random = new Random(4);
    Geometry geometry =
        Geometry.of(ConvShape.parse("g16ic16ih7iw%doc16kh5kw5ph2pw2".formatted(width)));
    float[] in = reals(random, geometry.inPlane());
    Arrays.fill(in, geometry.inRow(), 2 * geometry.inRow(), -0f);
    float[] filter = reals(random, DepthwiseRowPairs.filterFloats());
    float[] bias = new float[Layout.BLOCK];
    Arrays.fill(bias, Layout.BLOCK / 2, Layout.BLOCK, -0f);
    float[] expected = rows(new DepthwiseRowPairsScalar(), geometry, in, filter, bias);
    float[] actual = rows(DepthwiseRowPairs.get(), geometry, in, filter, bias);
    assertArrayEquals(bits(expected), bits(actual));
  }

  /** The first output row, and those that miss no kernel row. */
  private static float[] rows(
      DepthwiseRowPairs kernel, Geometry geometry, float[] in, float[] filter, float[] bias) {
    float[] out = new float[4 * geometry.outRow()];
    Taps[] kernelRows = KernelRows.of(geometry);
    for (ColumnRun run : ColumnRun.tilesOfPairs(geometry.width(), kernel.mostPairs())) {
      int end = run.tiles();
      int top = geometry.rowOrigin(0);
      kernel.rowBlock(geometry, run, 0, end, kernelRows[0], 1, in, top, filter, 0, bias, 0, out, 0);
      int whole = geometry.rowOrigin(2);
      int to = geometry.outRow();
      kernel.rowBlock(
          geometry, run, 0, end, kernelRows[2], 3, in, whole, filter, 0, bias, 0, out, to);
    }
    return out;
  }

  @Test
  void strictPlansKeepToDirectSums() {
    for (String text : List.of("g32ic32ih14oc32kh3ph1", "g32ic32ih28oc32kh5ph2")) {
      ConvShape shape = ConvShape.parse(text);
      ConvOptions strict = ConvOptions.defaults().withAccuracy(Accuracy.STRICT);
      assertEquals(Algorithm.DEPTHWISE, ConvPlan.of(shape, strict).algorithm());
      assertEquals(Algorithm.DEPTHWISE_F2, ConvPlan.of(shape).algorithm());
    }
  }

  @Test
  void shapesWithoutPairsAreRefused() {
    for (String text :
        List.of(
            "g16ic16ih9oc16kh3sh2ph1",
            "g16ic16ih9oc16kh5ph2",
            "g16ic16ih8oc16kh5ph1",
            "g16ic16ih8oc16kh5sh2ph2",
            "g16ic16ih9oc16kh3dh1ph2",
            "g16ic16ih9oc16kh3ph2",
            "g16ic16iw9oc16kw3pw1")) {
      ConvShape shape = ConvShape.parse(text);
      String message =
          assertThrows(IllegalArgumentException.class, () -> ConvPlan.of(shape, PAIRS))
              .getMessage();
      assertTrue(message.contains("pairs need a 3 x 3 kernel"), message);
    }
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    for (String text : List.of("g16ic16ih9oc16kh3ph1", "g16ic16ih10oc16kh5ph2")) {
      assertSteadyStateAllocatesNothing(ConvShape.parse(text));
    }
  }

  private static void assertSteadyStateAllocatesNothing(ConvShape shape) {
    ConvPlan plan = ConvPlan.of(shape, PAIRS.withWorkers(ONE));
    float[] input = new float[plan.inputLength()];
    float[] output = new float[plan.outputLength()];
    PackedFilter filter = plan.pack(new float[shape.filterLength()], null);
    plan.warmUp();
    SteadyState.assertAllocatesNothing(() -> plan.run(input, filter, output));
  }

  private static float[] run(
      ConvShape shape, Workers workers, float[] input, float[] filter, float[] bias) {
    ConvPlan plan = ConvPlan.of(shape, PAIRS.withWorkers(workers));
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(input, plan.pack(filter, bias), output);
    return output;
  }

  private static ConvShape randomShape(Random random) {
    int channels = 1 + random.nextInt(40);
    int multiplier = 1 + random.nextInt(3);
    List<Axis> axes =
        random.nextBoolean()
            ? List.of(randomAxis(random, 3), randomAxis(random, 3))
            : List.of(randomAxis(random, 5), new Axis(2 + 2 * random.nextInt(12), 5, 1, 2, 2, 1));
    return new ConvShape(1 + random.nextInt(2), channels, channels * multiplier, channels, axes);
  }

  private static Axis randomAxis(Random random, int kernel) {
    int before = random.nextInt(kernel / 2 + 1);
    int after = random.nextInt(kernel / 2 + 1);
    int least = kernel - before - after;
    return new Axis(least + random.nextInt(20), kernel, 1, before, after, 1);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToIntBits(values[i]));
    return bits;
  }
}
