package dev.lanewise.kernels.depthwise;

import static dev.lanewise.kernels.Values.integers;
import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.plan.PlainConvolution;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthwiseConvolutionTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers FIVE = Workers.of(5);
  private static final ConvOptions DEPTHWISE =
      ConvOptions.defaults().withAlgorithm(Algorithm.DEPTHWISE);

  @AfterAll
  static void close() {
    ONE.close();
    FIVE.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g32ic32ih14oc32kh3ph1",
        "g16ic16ih112oc16kh3ph1",
        "g19ic19ih15oc19kh3sh2ph1",
        "g16ic16ih16oc16kh3sh2ph1",
        "g16ic16ih28oc16kh5ph2",
        "g16ic16ih13oc16kh5sh2ph2",
        "g5ic5ih20oc5kh7ph3",
        "g16ic16ih9oc16kh7sh2ph3",
        "g16ic16ih1oc16kh3ph1",
        "g16ic16ih2oc16kh5ph2",
        "g16ic16ih3oc16kh7ph3",
        "g16ic16ih2oc16kh3ph2",
        "g16ic16ih12oc16kh3dh1ph2",
        "g16ic16ih12oc16kh3sh3ph1",
        "g16ic16ih17oc16kh2sh5",
        "g16ic16iw40oc16kw5pw2",
        "g16ic16id5oc16kd3pd1",
        "g16ic16id4oc16kd1kh3kw3ph1pw1",
        "g20ic20ih14oc40kh3ph1",
        "g11ic11ih9oc33kh5ph2",
        "g11ic11id4oc33kd3pd2",
        "mb3g9ic9ih30iw3oc18kh3sh2sw1ph1"
      })
  void layersOfManyKindsAreExact(String text) {
    checkExact(ConvShape.parse(text), ONE, new Random(text.hashCode()));
    checkExact(ConvShape.parse(text), FIVE, new Random(text.hashCode()));
  }

  @Test
  void randomShapesAreExact() {
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      checkExact(randomShape(random), i % 2 == 0 ? ONE : FIVE, random);
    }
  }

  @Test
  void workersAndBatchDoNotChangeTheBits() {
    Random random = new Random(9);
    for (int i = 0; i < 40; i++) {
      ConvShape shape = randomShape(random).batch(2);
      float[] input = blocked(shape.inputDims(), reals(random, planar(shape.inputDims())));
      float[] filter = reals(random, shape.filterLength());
      float[] bias = reals(random, shape.outChannels());
      float[] expected = run(shape, DEPTHWISE.withWorkers(ONE), input, filter, bias);
      assertArrayEquals(
          expected, run(shape, DEPTHWISE.withWorkers(FIVE), input, filter, bias), shape::toString);
      float[] second = Arrays.copyOfRange(input, input.length / 2, input.length);
      assertArrayEquals(
          Arrays.copyOfRange(expected, expected.length / 2, expected.length),
          run(shape.batch(1), DEPTHWISE.withWorkers(ONE), second, filter, bias),
          shape::toString);
    }
  }

  @Test
  void activationReachesEveryOutputOnce() {
    Random random = new Random(13);
    for (int i = 0; i < 40; i++) {
      ConvShape shape = randomShape(random);
      ConvOptions options =
          DEPTHWISE.withActivation(Activation.SIGMOID).withWorkers(i % 2 == 0 ? ONE : FIVE);
      float[] halves = new float[planar(shape.outputDims())];
      Arrays.fill(halves, 0.5f);
      assertArrayEquals(
          blocked(shape.outputDims(), halves),
          run(
              shape,
              options,
              new float[Layout.NCHW16C.length(shape.inputDims())],
              new float[shape.filterLength()],
              null),
          shape::toString);
    }
  }

  @Test
  void costOfTheSharesIsBalancedWhereThereAreFourStripsEach() {
    for (String text : List.of("g32ic32ih112oc32kh3ph1", "g96ic96ih112oc96kh3sh2ph1")) {
      ConvShape shape = ConvShape.parse(text);
      DepthwiseConvolution convolution = new DepthwiseConvolution(shape);
      int strips = shape.outChannels() / Layout.BLOCK * Math.ceilDiv(shape.outputPixels(), 14);
      for (int workers = 1; workers <= 128 && strips / workers >= 4; workers++) {
        int count = workers;
        double[] costs =
            IntStream.range(0, workers).mapToDouble(w -> convolution.cost(w, count)).toArray();
        double mean = Arrays.stream(costs).average().orElseThrow();
        double most = Arrays.stream(costs).max().orElseThrow();
        assertTrue(
            most <= 1.15 * mean, () -> "%s on %d: %f of %f".formatted(text, count, most, mean));
      }
    }
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    for (String text : List.of("g16ic16ih9oc16kh3ph1", "g16ic16ih9oc32kh5ph2")) {
      ConvShape shape = ConvShape.parse(text);
      ConvPlan plan = ConvPlan.of(shape, DEPTHWISE.withWorkers(ONE));
      float[] input = new float[plan.inputLength()];
      float[] output = new float[plan.outputLength()];
      PackedFilter filter = plan.pack(new float[shape.filterLength()], null);
      plan.warmUp();
      SteadyState.assertAllocatesNothing(() -> plan.run(input, filter, output));
    }
  }

  @Test
  void warmUpComesToAnEnd() {
    for (String text : List.of("g16ic16ih14oc16kh3ph1", "g16ic16iw9oc16kw5pw2", "g1ic1iw9oc3kw2")) {
      ConvPlan.of(ConvShape.parse(text), DEPTHWISE).warmUp();
    }
  }

  @Test
  void otherShapesAreRefused() {
    ConvShape dense = ConvShape.conv2d(1, 16, 8, 8, 16, 3, 3);
    String message =
        assertThrows(IllegalArgumentException.class, () -> ConvPlan.of(dense, DEPTHWISE))
            .getMessage();
    assertTrue(message.contains("groups=1 must equal inChannels=16"), message);
    assertEquals(
        Algorithm.DEPTHWISE, ConvPlan.of(ConvShape.parse("g32ic32ih14oc32kh7ph3")).algorithm());
  }

  private static void checkExact(ConvShape shape, Workers workers, Random random) {
    float[] input = integers(random, planar(shape.inputDims()));
    float[] filter = integers(random, shape.filterLength());
    float[] bias = integers(random, shape.outChannels());
    assertArrayEquals(
        blocked(shape.outputDims(), PlainConvolution.run(shape, input, filter, bias)),
        run(shape, DEPTHWISE.withWorkers(workers), blocked(shape.inputDims(), input), filter, bias),
        shape::toString);
  }

  private static float[] run(
      ConvShape shape, ConvOptions options, float[] input, float[] filter, float[] bias) {
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(input, plan.pack(filter, bias), output);
    return output;
  }

  private static ConvShape randomShape(Random random) {
    int dims = 1 + random.nextInt(3);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < dims; i++) {
      int kernel = 1 + random.nextInt(7);
      int dilation = random.nextInt(4) == 0 ? 2 : 1;
      int before = random.nextInt(kernel + 1);
      int after = random.nextInt(kernel + 1);
      int extent = (kernel - 1) * dilation + 1;
      int least = Math.max(1, extent - before - after);
      int input = least + random.nextInt(dims == 3 ? 6 : 22);
      axes.add(new Axis(input, kernel, 1 + random.nextInt(3), before, after, dilation));
    }
    int channels = 1 + random.nextInt(40);
    int multiplier = 1 + random.nextInt(3);
    return new ConvShape(1 + random.nextInt(2), channels, channels * multiplier, channels, axes);
  }

  private static int planar(int... dims) {
    return Layout.NCHW.length(dims);
  }

  private static float[] blocked(int[] dims, float[] planar) {
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }
}
