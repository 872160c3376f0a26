package dev.lanewise.kernels.im2col;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.SteadyState;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Im2colGradientTest {

  private static final Workers ONE = Workers.of(1);
  private static final Workers THREE = Workers.of(3);

  @AfterAll
  static void close() {
    ONE.close();
    THREE.close();
  }

  static List<ConvShape> shapes() {
    return Reference.shapes();
  }

  private static float[] blocked(int[] dims, float[] planar) {
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }

  private static float[] filled(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void integersAreExact(ConvShape shape) {
    float[] input = Reference.integers(Layout.NCHW.length(shape.inputDims()), 1);
    float[] filter = Reference.integers(shape.filterLength(), 2);
    float[] gradOutput = Reference.integers(Layout.NCHW.length(shape.outputDims()), 3);
    float[] gradInput = new float[input.length];
    float[] gradFilter = new float[filter.length];
    float[] gradBias = new float[shape.outChannels()];
    Reference.visit(
        shape,
        (x, f, y) -> {
          gradInput[x] += filter[f] * gradOutput[y];
          gradFilter[f] += input[x] * gradOutput[y];
        });
    for (int i = 0; i < gradOutput.length; i++) {
      gradBias[i / shape.outputPixels() % shape.outChannels()] += gradOutput[i];
    }
    Im2colGradient gradient = new Im2colGradient(shape);
    float[] dy = blocked(shape.outputDims(), gradOutput);
    float[] dx = filled(Layout.NCHW16C.length(shape.inputDims()));
    float[] df = filled(filter.length);
    float[] db = filled(gradBias.length);
    gradient.data(filter, dy, dx, THREE);
    gradient.filter(blocked(shape.inputDims(), input), dy, df, THREE);
    gradient.bias(dy, db);
    assertArrayEquals(blocked(shape.inputDims(), gradInput), dx);
    assertArrayEquals(gradFilter, df);
    assertArrayEquals(gradBias, db);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void workersDoNotChangeTheBits(ConvShape image) {
    ConvShape shape = image.batch(7);
    float[] input =
        blocked(shape.inputDims(), Reference.reals(Layout.NCHW.length(shape.inputDims()), 1));
    float[] filter = Reference.reals(shape.filterLength(), 2);
    float[] dy =
        blocked(shape.outputDims(), Reference.reals(Layout.NCHW.length(shape.outputDims()), 3));
    Im2colGradient gradient = new Im2colGradient(shape);
    float[][] dx = {filled(input.length), filled(input.length)};
    float[][] df = {filled(filter.length), filled(filter.length)};
    gradient.data(filter, dy, dx[0], ONE);
    gradient.data(filter, dy, dx[1], THREE);
    gradient.filter(input, dy, df[0], ONE);
    gradient.filter(input, dy, df[1], THREE);
    assertArrayEquals(dx[0], dx[1]);
    assertArrayEquals(df[0], df[1]);
  }

  @Test
  void steadyStateAllocatesNothing() {
    ConvShape shape = ConvShape.conv2d(2, 3, 6, 6, 5, 3, 3);
    Im2colGradient gradient = new Im2colGradient(shape);
    float[] x = new float[Layout.NCHW16C.length(shape.inputDims())];
    float[] dx = x.clone();
    float[] dy = new float[Layout.NCHW16C.length(shape.outputDims())];
    float[] filter = new float[shape.filterLength()];
    float[] df = filter.clone();
    float[] db = new float[5];
    SteadyState.assertAllocatesNothing(
        () -> {
          gradient.data(filter, dy, dx, ONE);
          gradient.filter(x, dy, df, ONE);
          gradient.bias(dy, db);
        });
  }

  @Test
  void wrongLengthsAreNamed() {
    Im2colGradient gradient = new Im2colGradient(ConvShape.conv2d(1, 3, 6, 6, 5, 3, 3));
    float[] x = new float[36 * 16];
    float[] dy = new float[16 * 16];
    float[] filter = new float[135];
    assertThrows(IllegalArgumentException.class, () -> gradient.data(x, dy, x, ONE));
    assertThrows(IllegalArgumentException.class, () -> gradient.filter(dy, dy, filter, ONE));
    assertThrows(IllegalArgumentException.class, () -> gradient.bias(dy, new float[6]));
  }
}
