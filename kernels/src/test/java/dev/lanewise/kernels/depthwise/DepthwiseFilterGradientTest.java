package dev.lanewise.kernels.depthwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthwiseFilterGradientTest {

  private static final List<Workers> POOLS = List.of(Workers.of(1), Workers.of(3));

  @AfterAll
  static void close() {
    POOLS.forEach(Workers::close);
  }

  /** Whole kernel rows and columns see nothing but padding, on one side or on both. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7})
  void planesSmallerThanThePaddingAreExact(int kernel) {
    for (int height = 1; height <= kernel / 2; height++) {
      for (int width = 1; width <= kernel / 2 + 1; width++) {
        for (int stride = 1; stride <= 2; stride++) {
          for (int multiplier = 1; multiplier <= 3; multiplier++) {
            ConvShape shape =
                ConvShape.conv2d(2, 18, height, width, 18 * multiplier, kernel, kernel)
                    .groups(18)
                    .stride(stride)
                    .padding(kernel / 2);
            checkExact(shape);
            checkExact(shape.padding(kernel - 1));
          }
        }
      }
    }
  }

  /** Rows and columns are cut into runs and a rest; planes of blocks or images may be joined. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7})
  void planesOfAnySizeAreExact(int kernel) {
    for (int height : new int[] {1, 2, 7, 10}) {
      for (int width : new int[] {1, 2, 3, 4, 5, 8, 11, 14}) {
        for (int stride = 1; stride <= 2; stride++) {
          for (int batch = 1; batch <= 3; batch += 2) {
            ConvShape shape =
                ConvShape.conv2d(batch, 34, height, width, 34, kernel, kernel)
                    .groups(34)
                    .stride(stride)
                    .padding(kernel / 2);
            checkExact(shape);
            if (height >= kernel && width >= kernel) {
              checkExact(shape.padding(0));
            }
          }
        }
      }
    }
  }

  /** With as many blocks as there are parts of work, a call sums planes of several blocks. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void planesOfManyBlocksAreExact(int batch) {
    checkExact(ConvShape.conv2d(batch, 519, 9, 14, 519, 3, 3).groups(519).padding(1));
    checkExact(ConvShape.conv2d(batch, 519, 9, 14, 519, 3, 3).groups(519).padding(1).stride(2));
  }

  /** Lanes of a block see several channels of their groups, of whole or part blocks of channels. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void narrowGroupsAreExact(int channels) {
    for (int outputs = channels; outputs <= 32; outputs *= 2) {
      for (int groups : new int[] {2, 5, 16}) {
        String head = "mb2g%dic%doc%d".formatted(groups, groups * channels, groups * outputs);
        for (String tail :
            List.of(
                "ih7iw9kh3ph1",
                "ih9iw6kh3sh2ph1",
                "ih6kh5ph2",
                "ih9iw11kh7sh2ph3",
                "ih8kh3ph2dh1",
                "ih4iw3kh1",
                "iw19kw3pw1",
                "id3ih4iw5kd3pd1kh2")) {
          checkSums(ConvShape.parse(head + tail));
        }
      }
    }
  }

  /** Rows are expanded a band at a time, and images are cut into parts. */
  @Test
  void bandsOfNarrowGroupsAreExact() {
    checkSums(ConvShape.parse("mb3g2ic8ih90iw70oc8kh3ph1"));
    checkSums(ConvShape.parse("mb3g2ic8ih90iw70oc16kh3sh2ph1"));
  }

  /** It is chosen where it is faster, and groups never have their columns packed. */
  @Test
  void narrowGroupsAreSummedByLanes() {
    assertEquals(Algorithm.GROUPED, algorithm("g32ic128ih56oc128kh3ph1"));
    assertEquals(Algorithm.DIRECT, algorithm("g16ic128ih28oc128kh1"));
    assertEquals(Algorithm.DIRECT, algorithm("g32ic96ih28oc96kh3ph1"));
    assertEquals(Algorithm.DEPTHWISE, algorithm("g96ic96ih28oc96kh3ph1"));
  }

  private static Algorithm algorithm(String shape) {
    return ConvGradient.of(ConvShape.parse(shape)).filterAlgorithm();
  }

  /** The sums themselves, even where another method is faster. */
  private static void checkSums(ConvShape shape) {
    float[] input = Values.integers(Layout.NCHW.length(shape.inputDims()), 1);
    float[] gradOutput = Values.integers(Layout.NCHW.length(shape.outputDims()), 2);
    float[] expected = new float[shape.filterLength()];
    Reference.visit(shape, (x, f, y) -> expected[f] += input[x] * gradOutput[y]);
    for (Workers workers : POOLS) {
      float[] actual = new float[expected.length];
      Arrays.fill(actual, Float.NaN);
      new DepthwiseFilterGradient(shape)
          .run(
              new FilterGradientCall()
                  .input(Reorder.to(shape.inputDims(), Layout.NCHW, input, Layout.NCHW16C), 0)
                  .gradOutput(
                      Reorder.to(shape.outputDims(), Layout.NCHW, gradOutput, Layout.NCHW16C), 0)
                  .gradFilter(actual, 0),
              workers);
      assertArrayEquals(expected, actual, shape::toString);
    }
  }

  private static void checkExact(ConvShape shape) {
    float[] input = Values.integers(Layout.NCHW.length(shape.inputDims()), 1);
    float[] gradOutput = Values.integers(Layout.NCHW.length(shape.outputDims()), 2);
    float[] expected = new float[shape.filterLength()];
    Reference.visit(shape, (x, f, y) -> expected[f] += input[x] * gradOutput[y]);
    for (Workers workers : POOLS) {
      float[] actual = new float[expected.length];
      Arrays.fill(actual, Float.NaN);
      ConvGradient.of(
              shape, ConvOptions.defaults().withAccuracy(Accuracy.STRICT).withWorkers(workers))
          .filter(
              Reorder.to(shape.inputDims(), Layout.NCHW, input, Layout.NCHW16C),
              Reorder.to(shape.outputDims(), Layout.NCHW, gradOutput, Layout.NCHW16C),
              actual);
      assertArrayEquals(expected, actual, shape::toString);
    }
  }
}
