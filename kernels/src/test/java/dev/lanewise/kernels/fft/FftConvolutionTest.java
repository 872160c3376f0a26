package dev.lanewise.kernels.fft;

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
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FftConvolutionTest {

  private static final ConvOptions FFT = ConvOptions.defaults().withAlgorithm(Algorithm.FFT);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ic3iw40oc5kw7",
        "mb2ic18iw200oc20kw31pw15",
        "ic16ih40oc16kh15ph7",
        "mb2ic20ih23iw31oc35kh5kw7ph2pw3rh0rw4",
        "ic40ih70oc33kh9ph4",
        "ic17ih19oc3kh3kw1",
        "ic5ih12iw30oc9kh1kw9pw4",
        "ic8ih21oc8kh5sh2ph2",
        "ic8ih21oc8kh2sh3sw4",
        "ic8ih30oc8kh4dh2ph6",
        "ic4id5ih9oc6kd3ph1",
        "ic2id6ih7oc3kd2sd2ph1kh4",
        "g3ic9ih14oc12kh5ph2",
        "g2ic32ih14oc64kh5ph2",
        "mb2g20ic20ih30oc20kh7ph3",
        "g20ic20ih15oc40kh7ph3",
        "g5ic5id4ih9oc5kd3kh4ph2",
        "g40ic40ih33oc40kh9sh2ph4",
        "ic4ih6oc4kh6",
        "ic1ih3oc1kh1ph2",
      })
  void outputsAreThoseOfTheDefinitionUpToRounding(String text) {
    ConvShape shape = ConvShape.parse(text);
    float[] filter = reals(shape.filterLength(), 1);
    float[] bias = reals(shape.outChannels(), 2);
    float[] input = blocked(shape.inputDims(), 3);
    float[] exact =
        run(shape, ConvOptions.defaults().withAlgorithm(Algorithm.IM2COL), filter, bias, input);
    float[] output = run(shape, FFT, filter, bias, input);
    double allowed = 2e-6 * Math.sqrt(shape.terms()) + 2e-6;
    for (int i = 0; i < output.length; i++) {
      assertEquals(exact[i], output[i], allowed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mb3ic20ih23iw31oc70kh5kw7ph2",
        "mb2g40ic40ih40oc40kh9ph4",
        "mb2ic5ih12iw30oc9kh1kw9pw4",
        "mb2ic4id5ih9oc6kd3ph1",
        "mb2g4ic64ih20oc64kh5"
      })
  void bitsDependNeitherOnThreadsNorOnTheBatch(String text) {
    ConvShape shape = ConvShape.parse(text);
    float[] filter = reals(shape.filterLength(), 1);
    float[] bias = reals(shape.outChannels(), 2);
    float[] input = blocked(shape.inputDims(), 3);
    try (Workers one = Workers.of(1);
        Workers five = Workers.of(5);
        Workers many = Workers.of(23)) {
      float[] expected = run(shape, FFT.withWorkers(one), filter, bias, input);
      assertArrayEquals(expected, run(shape, FFT.withWorkers(five), filter, bias, input));
      assertArrayEquals(expected, run(shape, FFT.withWorkers(many), filter, bias, input));
      int last = shape.batch() - 1;
      int image = input.length / shape.batch();
      int outImage = expected.length / shape.batch();
      assertArrayEquals(
          Arrays.copyOfRange(expected, last * outImage, expected.length),
          run(
              shape.batch(1),
              FFT,
              filter,
              bias,
              Arrays.copyOfRange(input, last * image, input.length)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ic64ih28oc64oh28kh15ph7", "g64ic64ih28oc64oh28kh15ph7"})
  void oneImageIsSharedByManyWorkersInStages(String text) {
    FftConvolution fft = new FftConvolution(ConvShape.parse(text));
    assertEquals(1, fft.stages(1));
    assertTrue(fft.stages(20) > 1);
    double sum = IntStream.range(0, 20).mapToDouble(worker -> fft.cost(worker, 20)).sum();
    assertEquals(fft.cost(0, 1), sum, 0.1 * sum);
  }

  @Test
  void workIsSharedEvenly() {
    FftConvolution fft = new FftConvolution(ConvShape.parse("mb4ic64ih112oc64kh15ph7"));
    double[] costs = new double[4];
    for (int worker = 0; worker < 4; worker++) {
      costs[worker] = fft.cost(worker, 4);
    }
    double mean = Arrays.stream(costs).average().orElseThrow();
    assertTrue(Arrays.stream(costs).max().orElseThrow() <= 1.15 * mean, Arrays.toString(costs));
    assertEquals(fft.cost(0, 1), 4 * mean, 0.04 * mean);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.parse("ic16ih12oc16kh5ph2");
    try (Workers one = Workers.of(1)) {
      ConvPlan plan = ConvPlan.of(shape, FFT.withWorkers(one).withActivation(Activation.RELU));
      PackedFilter filter = plan.pack(new float[shape.filterLength()], null);
      float[] input = new float[plan.inputLength()];
      float[] output = new float[plan.outputLength()];
      SteadyState.assertAllocatesNothing(() -> plan.run(input, filter, output));
    }
  }

  @Test
  void filterOfOtherTilesIsRefused() {
    ConvShape small = ConvShape.parse("ic16ih12oc16kh5ph2");
    ConvShape large = ConvShape.parse("ic16ih90oc16kh5ph2");
    PackedFilter packed = ConvPlan.of(small, FFT).pack(new float[small.filterLength()], null);
    ConvPlan plan = ConvPlan.of(large, FFT);
    float[] input = new float[plan.inputLength()];
    float[] output = new float[plan.outputLength()];
    String message =
        assertThrows(IllegalArgumentException.class, () -> plan.run(input, packed, output))
            .getMessage();
    assertTrue(message.contains("does not fit"), message);
  }

  @Test
  void largeKernelsAreChosenAndImpossibleShapesRefused() {
    assertEquals(Algorithm.FFT, ConvPlan.of(ConvShape.parse("ic64ih64oc64kh31ph15")).algorithm());
    assertObjection("16777216 outputs", "ic1ih5000oc1sh4096kh1");
    assertObjection("kernel extent 40000 with stride 1", "ic1iw50000oc1kw40000");
    assertObjection("would exceed a gigabyte", "ic1024ih64oc1024kh31ph15");
  }

  private static void assertObjection(String part, String shape) {
    String rule = FftConvolution.objection(ConvShape.parse(shape)).orElse("none");
    assertTrue(rule.contains(part), rule);
  }

  private static float[] run(
      ConvShape shape, ConvOptions options, float[] filter, float[] bias, float[] input) {
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(input, plan.pack(filter, bias), output);
    return output;
  }

  private static float[] blocked(int[] dims, long seed) {
    return Reorder.to(dims, Layout.NCHW, reals(Layout.NCHW.length(dims), seed), Layout.NCHW16C);
  }
}
