package dev.lanewise.verify.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.kernels.shape.ConvShape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceConvolutionTest {

  @Test
  void correlatesWithoutFlipping() {
    ReferenceConvolution reference = new ReferenceConvolution(ConvShape.parse("ic1ih3oc1kh2"));
    float[] input = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    float[] filter = {0, 1, 2, 3};
    assertArrayEquals(new double[] {19, 25, 37, 43}, reference.forward(input, filter, null));
    assertArrayEquals(
        new double[] {5, 11, 23, 29}, reference.forward(input, reference.flip(filter), null));
  }

  @Test
  void paddingAfterStrideAndDilationMeetTheRightElements() {
    // Taps at 2p and 2p + 2 of 1 2 3 4 5 0 0 0 (three after).
    ReferenceConvolution reference =
        new ReferenceConvolution(ConvShape.parse("ic1iw5oc1ow3kw2sw2pw0rw3dw1"));
    float[] input = {1, 2, 3, 4, 5};
    float[] filter = {1, 10};
    assertArrayEquals(new double[] {31, 53, 5}, reference.forward(input, filter, null));
  }

  @Test
  void eachGroupSeesItsOwnChannels() {
    ReferenceConvolution reference = new ReferenceConvolution(ConvShape.parse("g2ic4iw1oc2kw1"));
    float[] input = {1, 2, 3, 4};
    float[] filter = {1, 10, 100, 1000};
    float[] bias = {0.5f, -0.5f};
    assertArrayEquals(new double[] {21.5, 4299.5}, reference.forward(input, filter, bias));
  }

  @Test
  void magnitudeSumsAbsoluteProducts() {
    ReferenceConvolution reference = new ReferenceConvolution(ConvShape.parse("ic1iw3oc1kw3"));
    ReferenceConvolution.Sums sums =
        reference.elements(new float[] {1, -2, 3}, new float[] {1, 1, -1}, new float[] {-4}, 0);
    assertArrayEquals(new double[] {-8}, sums.values());
    assertArrayEquals(new double[] {10}, sums.magnitudes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mb2ic3ih4iw5oc4kh3kw2sh2sw1ph1pw1rh0rw2",
        "g2ic4iw7oc6kw3dw1pw2",
        "ic2id3ih4iw3oc2kd2kh2kw3pd1ph0pw1"
      })
  void gradientsAreTheDifferencesOfTheForwardPass(String text) {
    ConvShape shape = ConvShape.parse(text);
    ReferenceConvolution reference = new ReferenceConvolution(shape);
    Random random = new Random(5);
    float[] filter = integers(random, shape.filterLength());
    float[] input = integers(random, shape.batch() * shape.inChannels() * shape.inputPixels());
    float[] bias = integers(random, shape.outChannels());
    float[] gradOutput = integers(random, reference.outputLength());

    assertArrayEquals(
        differences(input, () -> dot(reference.forward(input, filter, bias), gradOutput)),
        reference.gradientOfInput(filter, gradOutput));
    assertArrayEquals(
        differences(filter, () -> dot(reference.forward(input, filter, bias), gradOutput)),
        reference.gradientOfFilter(input, gradOutput));
    assertArrayEquals(
        differences(bias, () -> dot(reference.forward(input, filter, bias), gradOutput)),
        reference.gradientOfBias(gradOutput));
  }

  private interface Loss {
    double get();
  }

  /** Exact here: the loss is linear in each argument and all data are small integers. */
  private static double[] differences(float[] x, Loss loss) {
    double before = loss.get();
    double[] differences = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] += 1;
      differences[i] = loss.get() - before;
      x[i] -= 1;
    }
    return differences;
  }

  private static double dot(double[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static float[] integers(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(-4, 5);
    }
    return values;
  }
}
