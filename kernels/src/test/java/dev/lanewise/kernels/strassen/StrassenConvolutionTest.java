package dev.lanewise.kernels.strassen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.Problem;
import dev.lanewise.kernels.Rules;
import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Seven products for eight against sums written out plainly in double. */
class StrassenConvolutionTest {

  private static final Algorithm STRASSEN = Algorithm.STRASSEN;

  /** One block of pixels, several, the last of them short; planes and other numbers of axes. */
  static Stream<ConvShape> shapes() {
    return Stream.of(
        ConvShape.conv2d(1, 64, 2, 1, 64, 1, 1),
        ConvShape.conv2d(2, 128, 3, 10, 192, 1, 1),
        ConvShape.conv2d(1, 320, 19, 26, 64, 1, 1),
        ConvShape.conv1d(1, 64, 1000, 128, 1));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void outputsAreExactOnIntegers(ConvShape shape) {
    Problem problem = Problem.of(shape, random -> random.nextInt(7) - 3);
    float[] actual = problem.run(STRASSEN, Workers.shared());
    assertArrayEquals(
        problem.expected(),
        IntStream.range(0, actual.length).mapToDouble(i -> actual[i]).toArray());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersAndBatchDoNotChangeTheBits(ConvShape shape) {
    Rules.assertSameBits(STRASSEN, shape, 2, 7);
  }

  @Test
  void errorsAreLessThanThriceThoseOfDirectSummation() {
    ConvShape shape = ConvShape.conv2d(1, 512, 12, 12, 64, 1, 1);
    double ratio = Rules.errorRatio(STRASSEN, shape);
    assertTrue(ratio < 3, () -> "ratio " + ratio);
  }

  @Test
  void biasResidualAndActivationReachEveryOutputOnce() {
    ConvShape shape = ConvShape.conv2d(1, 64, 4, 5, 128, 1, 1);
    ConvOptions options =
        ConvOptions.defaults()
            .withAlgorithm(STRASSEN)
            .withResidual()
            .withActivation(new Activation.Clamp(-1, 65));
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] residual = new float[plan.outputLength()];
    Arrays.fill(residual, 1);
    float[] bias = new float[128];
    float[] expected = new float[plan.outputLength()];
    for (int c = 0; c < bias.length; c++) {
      bias[c] = c / 2f;
      for (int pixel = 0; pixel < 20; pixel++) {
        expected[(c / 16 * 20 + pixel) * 16 + c % 16] = Math.min(65, 1 + bias[c] + 5);
      }
    }
    // One input channel of each half counts: 2 and 3.
    float[] input = new float[plan.inputLength()];
    float[] weights = new float[shape.filterLength()];
    for (int pixel = 0; pixel < 20; pixel++) {
      input[pixel * 16 + 1] = 2;
      input[(3 * 20 + pixel) * 16 + 15] = 3;
    }
    for (int c = 0; c < 128; c++) {
      weights[c * 64 + 1] = 1;
      weights[c * 64 + 63] = 1;
    }
    float[] output = new float[plan.outputLength()];
    PackedFilter filter = plan.pack(weights, bias);
    plan.run(input, filter, residual, output);
    assertArrayEquals(expected, output);
  }

  @Tag(SteadyState.TAG)
  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(2, 64, 5, 6, 64, 1, 1);
    Rules.assertAllocatesNothing(STRASSEN, shape);
  }

  @Test
  void otherShapesAreRefusedWithTheRule() {
    ConvShape shape = ConvShape.conv2d(1, 128, 6, 5, 64, 1, 1);
    assertEquals(true, STRASSEN.objection(shape).isEmpty());
    Rules.assertObjection("only pointwise", STRASSEN, shape.stride(2));
    Rules.assertObjection("only pointwise", STRASSEN, shape.padding(1));
    Rules.assertObjection("only pointwise", STRASSEN, shape.groups(2));
    Rules.assertObjection("only pointwise", STRASSEN, ConvShape.conv2d(1, 128, 6, 5, 64, 1, 3));
    Rules.assertObjection(
        "odd number of pixels: 35", STRASSEN, ConvShape.conv2d(1, 128, 7, 5, 64, 1, 1));
    Rules.assertObjection("96 > 64 channels", STRASSEN, ConvShape.conv2d(1, 96, 6, 5, 64, 1, 1));
    Rules.assertObjection("64 > 32 channels", STRASSEN, ConvShape.conv2d(1, 64, 6, 5, 32, 1, 1));
  }

  @Test
  void strictPlansSumPlainly() {
    ConvShape shape = ConvShape.conv2d(1, 512, 14, 14, 512, 1, 1);
    assertEquals(STRASSEN, ConvPlan.of(shape, ConvOptions.defaults()).algorithm());
    ConvOptions strict = ConvOptions.defaults().withAccuracy(Accuracy.STRICT);
    assertTrue(ConvPlan.of(shape, strict).algorithm().isSummation());
  }
}
