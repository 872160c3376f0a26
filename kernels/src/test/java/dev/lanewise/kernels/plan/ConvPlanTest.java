package dev.lanewise.kernels.plan;

import static dev.lanewise.kernels.Values.integers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans against sums written out plainly, on small integers, where floats are exact. */
class ConvPlanTest {

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void everySummationAlgorithmSumsIntegersExactly(Algorithm algorithm) {
    assumeTrue(algorithm.isSummation(), "bounds of the others are checked by verify conv");
    Random random = new Random(7);
    ConvOptions options = ConvOptions.defaults().withAlgorithm(algorithm);
    try (Workers one = Workers.of(1);
        Workers three = Workers.of(3)) {
      for (int i = 0; i < 300; i++) {
        ConvShape shape = randomShape(random);
        if (algorithm.objection(shape).isEmpty()) {
          checkExact(shape, options.withWorkers(i % 2 == 0 ? one : three), random);
        }
      }
    }
  }

  /** The padding of the last block is left out, of the filter too, unless pixels lie apart. */
  @ParameterizedTest
  @ValueSource(ints = {8, 21, 40})
  void halfABlockIsReadWhereTheRestIsPadding(int channels) {
    ConvOptions options = ConvOptions.defaults().withAlgorithm(Algorithm.DIRECT);
    ConvShape shape = ConvShape.conv2d(2, channels, 5, 9, 50, 1, 1);
    checkExact(shape, options, new Random(17));
    ConvPlan plan = ConvPlan.of(shape, options);
    assertTrue(plan.explain().contains("halves of blocks"), plan::explain);
    PackedFilter packed = plan.pack(new float[shape.filterLength()], null);
    assertEquals(Math.ceilDiv(channels, 8) * 8 * 64, packed.weights.length);

    ConvPlan apart = ConvPlan.of(shape.stride(2), options);
    float[] input = new float[apart.inputLength()];
    float[] output = new float[apart.outputLength()];
    assertThrows(IllegalArgumentException.class, () -> apart.run(input, packed, output));
  }

  /** Filters that are large enough to be cut, of blocks that do not divide evenly. */
  @ParameterizedTest
  @ValueSource(strings = {"g2ic352ih6oc352kh3ph1", "ic260ih5oc372kh3ph1"})
  void workersPackWhatOneWouldPack(String text) {
    ConvShape shape = ConvShape.parse(text);
    float[] filter = new float[shape.filterLength()];
    Random random = new Random(13);
    for (int i = 0; i < filter.length; i++) {
      filter[i] = random.nextFloat();
    }
    try (Workers one = Workers.of(1);
        Workers three = Workers.of(3)) {
      for (Algorithm algorithm : List.of(Algorithm.DIRECT, Algorithm.WINOGRAD_F4)) {
        ConvOptions options = ConvOptions.defaults().withAlgorithm(algorithm);
        PackedFilter packed = ConvPlan.of(shape, options.withWorkers(three)).pack(filter, null);
        assertArrayEquals(
            ConvPlan.of(shape, options.withWorkers(one)).pack(filter, null).weights,
            packed.weights,
            algorithm::label);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void slicesOfWiderImagesAreReadAndWrittenInPlace(Algorithm algorithm) {
    ConvShape shape = ConvShape.conv2d(2, 16, 9, 8, 16, 3, 3).padding(1);
    assumeTrue(algorithm.objection(shape).isEmpty());
    ConvOptions options =
        ConvOptions.defaults()
            .withAlgorithm(algorithm)
            .withResidual()
            .withActivation(Activation.RELU);
    Random random = new Random(11);
    int[] wideDims = {2, 40, 9, 8};
    float[] wide = blocked(wideDims, random);
    float[] residual = blocked(shape.outputDims(), random);
    float[] before = wide.clone();
    ConvPlan plan = ConvPlan.of(shape, options);
    PackedFilter filter = plan.pack(integers(random, shape.filterLength()), null);
    float[] input = part(wide, 2, 3, 0);
    float[] expected = new float[plan.outputLength()];
    plan.run(input, filter, residual, expected);
    plan.run(
        Slice.channels(wide, wideDims, 0, 16),
        filter,
        Slice.channels(residual, shape.outputDims(), 0, 16),
        Slice.channels(wide, wideDims, 16, 16));
    assertArrayEquals(expected, part(wide, 2, 3, 1));
    assertArrayEquals(part(before, 2, 3, 0), part(wide, 2, 3, 0));
    assertArrayEquals(part(before, 2, 3, 2), part(wide, 2, 3, 2));
    Slice same = Slice.channels(wide, wideDims, 0, 16);
    assertMessage("input and output must not overlap", () -> plan.run(same, filter, same, same));
    assertMessage(
        "channels 8 to 23 are not whole blocks", () -> Slice.channels(wide, wideDims, 8, 16));
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void emptyBatchComputesNothing(Algorithm algorithm) {
    ConvShape shape = ConvShape.conv2d(0, 16, 9, 8, 16, 3, 3).padding(1);
    assumeTrue(algorithm.objection(shape).isEmpty());
    ConvPlan plan = ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(algorithm));
    assertEquals(0, plan.outputLength());
    plan.run(new float[0], plan.pack(new float[shape.filterLength()], null), new float[0]);
  }

  @Test
  void algorithmOverTheWorkspaceLimitIsPassedOver() {
    ConvShape shape = ConvShape.conv2d(1, 64, 28, 28, 64, 3, 3).padding(1);
    ConvOptions options = ConvOptions.defaults();
    long least = ConvPlan.of(shape, options.withWorkspaceLimit(0)).workspaceBytes();
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.objection(shape).isEmpty()) {
        ConvPlan pinned = ConvPlan.of(shape, options.withAlgorithm(algorithm));
        assertTrue(pinned.workspaceBytes() >= least, pinned::explain);
        long limit = Math.max(least, pinned.workspaceBytes());
        assertTrue(ConvPlan.of(shape, options.withWorkspaceLimit(limit)).workspaceBytes() <= limit);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void residualIsAddedBeforeTheActivation(Algorithm algorithm) {
    ConvShape shape = ConvShape.conv2d(2, 5, 9, 8, 21, 3, 3).padding(1);
    assumeTrue(algorithm.objection(shape).isEmpty());
    Random random = new Random(3);
    float[] filter = integers(random, shape.filterLength());
    float[] input = blocked(shape.inputDims(), random);
    float[] residual = blocked(shape.outputDims(), random);
    ConvOptions plain = ConvOptions.defaults().withAlgorithm(algorithm);
    ConvPlan sums = ConvPlan.of(shape, plain);
    float[] expected = new float[sums.outputLength()];
    sums.run(input, sums.pack(filter, null), expected);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.max(0, expected[i] + residual[i]);
    }
    ConvPlan plan = ConvPlan.of(shape, plain.withResidual().withActivation(Activation.RELU));
    float[] output = new float[plan.outputLength()];
    plan.run(input, plan.pack(filter, null), residual, output);
    assertArrayEquals(expected, output);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void paddingLanesStayZeroWhereTheActivationOfZeroIsNot(Algorithm algorithm) {
    ConvShape shape = ConvShape.conv2d(1, 3, 6, 6, 5, 3, 3);
    assumeTrue(algorithm.objection(shape).isEmpty());
    ConvOptions options =
        ConvOptions.defaults().withAlgorithm(algorithm).withActivation(Activation.SIGMOID);
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] output = new float[plan.outputLength()];
    plan.run(
        new float[plan.inputLength()], plan.pack(new float[shape.filterLength()], null), output);
    for (int i = 0; i < output.length; i++) {
      assertEquals(i % 16 < 5 ? 0.5f : 0f, output[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void shapeOfVastStridesIsSummed(Algorithm algorithm) {
    ConvOptions options = ConvOptions.defaults().withAlgorithm(algorithm);
    int far = 1 << 30;
    ConvShape sparse = ConvShape.conv2d(1, 1, 4, 4, 1, 1, 1).stride(far - 4).padding(far - 4);
    assumeTrue(algorithm.objection(sparse).isEmpty());
    checkExact(sparse, options, new Random(5));
  }

  @Test
  void flippedFilterGivesTheTrueConvolution() {
    ConvShape shape = ConvShape.conv1d(1, 1, 5, 1, 3).padding(2);
    ConvPlan plan = ConvPlan.of(shape);
    float[] input =
        Reorder.to(shape.inputDims(), Layout.NCHW, floats(1, 0, 0, 2, 0), Layout.NCHW16C);
    float[] output = new float[plan.outputLength()];
    plan.run(input, plan.packFlipped(floats(1, 2, 3), null), output);
    assertArrayEquals(
        floats(1, 2, 3, 2, 4, 6, 0),
        Reorder.to(shape.outputDims(), Layout.NCHW16C, output, Layout.NCHW));
  }

  @Test
  void filterServesEveryBatch() {
    ConvShape one = ConvShape.conv2d(1, 20, 7, 7, 36, 3, 3);
    Random random = new Random(5);
    float[] filter = integers(random, one.filterLength());
    ConvPlan small = ConvPlan.of(one);
    ConvPlan large =
        ConvPlan.of(one.batch(3), ConvOptions.defaults().withAlgorithm(small.algorithm()));
    PackedFilter packed = small.pack(filter, null);
    float[] input = blocked(one.batch(3).inputDims(), random);
    float[] outputs = new float[large.outputLength()];
    large.run(input, packed, outputs);
    float[] output = new float[small.outputLength()];
    for (int n = 0; n < 3; n++) {
      float[] image =
          Arrays.copyOfRange(input, n * small.inputLength(), (n + 1) * small.inputLength());
      small.run(image, packed, output);
      assertArrayEquals(
          output, Arrays.copyOfRange(outputs, n * output.length, (n + 1) * output.length));
    }
  }

  @Test
  void everyAlgorithmPacksTheBeginningOfALongerArray() {
    Random random = new Random(8);
    ConvShape shape = ConvShape.conv2d(1, 20, 8, 8, 20, 3, 3).padding(1);
    float[] filter = integers(random, shape.filterLength());
    float[] longer = Arrays.copyOf(filter, filter.length + 100);
    Arrays.fill(longer, filter.length, longer.length, Float.NaN);
    float[] input = blocked(shape.inputDims(), random);
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.objection(shape).isEmpty()) {
        ConvPlan plan = ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(algorithm));
        float[] expected = new float[plan.outputLength()];
        plan.run(input, plan.pack(filter, null), expected);
        float[] output = new float[plan.outputLength()];
        plan.run(input, plan.packBeginning(longer, null), output);
        assertArrayEquals(expected, output, algorithm.label());
      }
    }
  }

  @Test
  void wrongOperandsAreNamed() {
    ConvShape shape = ConvShape.conv2d(1, 3, 8, 8, 4, 3, 3);
    ConvPlan plan = ConvPlan.of(shape);
    PackedFilter filter = plan.pack(new float[shape.filterLength()], new float[4]);
    float[] input = new float[plan.inputLength()];
    float[] output = new float[plan.outputLength()];
    assertMessage("input needs 1024 floats, has 3", () -> plan.run(new float[3], filter, output));
    assertMessage("output needs 576 floats, has 1", () -> plan.run(input, filter, new float[1]));
    assertMessage("filter needs 108 floats, has 2", () -> plan.pack(new float[2], null));
    assertMessage("filter needs 108 floats, has 109", () -> plan.pack(new float[109], null));
    assertMessage("filter has 2 floats, not 108", () -> plan.packBeginning(new float[2], null));
    assertMessage("bias needs 4 floats, has 5", () -> plan.pack(new float[108], new float[5]));
    assertMessage("made without a residual", () -> plan.run(input, filter, new float[576], output));
    assertThrows(NullPointerException.class, () -> plan.run(null, filter, output));
    ConvPlan same = ConvPlan.of(ConvShape.conv2d(1, 16, 8, 8, 16, 1, 1));
    PackedFilter pointwise = same.pack(new float[256], null);
    float[] shared = new float[1024];
    assertMessage("must not be one array", () -> same.run(shared, pointwise, shared));
    assertMessage("does not fit", () -> plan.run(input, pointwise, output));
  }

  @Test
  void raceMeasuresEveryCandidate() {
    ConvShape shape = ConvShape.conv2d(1, 16, 6, 6, 16, 3, 3);
    String text = ConvPlan.of(shape, ConvOptions.defaults().withRace()).explain();
    for (Algorithm algorithm : Algorithm.values()) {
      boolean possible =
          algorithm.accuracy().compareTo(Accuracy.DEFAULT) <= 0
              && algorithm.objection(shape).isEmpty();
      assertEquals(possible, text.contains(algorithm.label() + ": "), text);
    }
    assertTrue(text.contains(" ms"), text);
  }

  private static void assertMessage(String part, Runnable action) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void checkExact(ConvShape shape, ConvOptions options, Random random) {
    float[] input = integers(random, Layout.NCHW.length(shape.inputDims()));
    float[] filter = integers(random, shape.filterLength());
    float[] bias = integers(random, shape.outChannels());
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(
        Reorder.to(shape.inputDims(), Layout.NCHW, input, Layout.NCHW16C),
        plan.pack(filter, bias),
        output);
    float[] expected =
        Reorder.to(
            shape.outputDims(),
            Layout.NCHW,
            PlainConvolution.run(shape, input, filter, bias),
            Layout.NCHW16C);
    assertArrayEquals(expected, output, () -> plan.explain());
    if (plan.takesPlanar()) {
      Arrays.fill(output, Float.NaN);
      int image = output.length / shape.batch();
      plan.runPlanar(input, plan.pack(filter, bias), new Slice(output, 0, image));
      assertArrayEquals(expected, output, () -> "from planes: " + plan.explain());
    }
  }

  @Test
  void imagesOfThreeChannelsAreReadFromTheirPlanes() {
    assertTrue(ConvPlan.of(ConvShape.parse("ic3ih224oc64kh7sh2ph3")).takesPlanar());
    ConvPlan blocks = ConvPlan.of(ConvShape.conv2d(1, 32, 8, 8, 16, 3, 3).padding(1));
    float[] input = new float[32 * 64];
    Slice output = new Slice(new float[16 * 64], 0, 16 * 64);
    PackedFilter filter = blocks.pack(new float[16 * 32 * 9], null);
    assertMessage("takes no planar input", () -> blocks.runPlanar(input, filter, output));
  }

  private static ConvShape randomShape(Random random) {
    while (true) {
      int groups = new int[] {1, 1, 1, 2, 3, 4}[random.nextInt(6)];
      int dims = 1 + random.nextInt(3);
      List<Axis> axes = new ArrayList<>();
      for (int i = 0; i < dims; i++) {
        int kernel = 1 + random.nextInt(4);
        int dilation = 1 + random.nextInt(2);
        int input = (kernel - 1) * dilation + 1 + random.nextInt(dims == 3 ? 5 : 18);
        int stride = 1 + random.nextInt(4);
        axes.add(new Axis(input, kernel, stride, random.nextInt(4), random.nextInt(4), dilation));
      }
      int in = groups * (1 + random.nextInt(20));
      int out = groups * (1 + random.nextInt(40));
      ConvShape shape = new ConvShape(1 + random.nextInt(2), in, out, groups, axes);
      if (shape.multiplyAdds() < 2_000_000) {
        return shape;
      }
    }
  }

  /** One of {@code parts} equal parts of each image. */
  private static float[] part(float[] images, int batch, int parts, int index) {
    int length = images.length / batch / parts;
    float[] part = new float[batch * length];
    for (int n = 0; n < batch; n++) {
      System.arraycopy(images, (n * parts + index) * length, part, n * length, length);
    }
    return part;
  }

  private static float[] blocked(int[] dims, Random random) {
    return Reorder.to(
        dims, Layout.NCHW, integers(random, Layout.NCHW.length(dims)), Layout.NCHW16C);
  }

  private static float[] floats(int... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }

  @Test
  void aFilterThatChangesBeforeEachRunIsNotTransformedForAHandfulOfPixels() {
    ConvShape few = ConvShape.parse("mb16ic256ih4oc256kh3ph1");
    ConvOptions repacked = ConvOptions.defaults().withRepacking();
    assertEquals(Algorithm.WINOGRAD_F4, ConvPlan.of(few).algorithm());
    assertEquals(Algorithm.DIRECT, ConvPlan.of(few, repacked).algorithm());
    ConvShape many = ConvShape.parse("mb16ic64ih56oc64kh3ph1");
    assertEquals(ConvPlan.of(many).algorithm(), ConvPlan.of(many, repacked).algorithm());
  }
}
