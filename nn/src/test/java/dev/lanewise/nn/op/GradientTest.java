package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each backward pass against central differences of its own forward pass. */
class GradientTest {

  private static final float STEP = 1e-2f;

  private final Random random = new Random(7);

  /** A tensor of values that stand apart by more than the step, so that no maximum changes. */
  private Tensor parameter(int... shape) {
    Tensor tensor = Tensor.parameter(shape);
    float[] data = tensor.data();
    for (int i = 0; i < data.length; i++) {
      data[i] = (2f * i + 1 + random.nextFloat() / 2) / data.length - 1;
    }
    for (int i = data.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      float swapped = data[i];
      data[i] = data[j];
      data[j] = swapped;
    }
    return tensor;
  }

  /** The loss that ends every check: the squared distance from fixed random values. */
  private static Tensor distance(Tensor result, Context context) {
    Tensor x = Relayout.apply(result, Layout.NCHW, context);
    Random fixed = new Random(11);
    float[] target = new float[x.size()];
    for (int i = 0; i < target.length; i++) {
      target[i] = fixed.nextFloat() - 0.5f;
    }
    return MeanSquaredError.of(x, Tensor.of(target, x.shape()), context);
  }

  private static void check(BiFunction<Tensor, Context, Tensor> loss, Tensor... parameters) {
    Context training = Context.training(Workers.shared());
    loss.apply(parameters[0], training).backward();
    Context plain = Context.inference(Workers.shared());
    for (Tensor parameter : parameters) {
      float[] grad = parameter.grad();
      assertNotNull(grad);
      float greatest = 0;
      for (float g : grad) {
        greatest = Math.max(greatest, Math.abs(g));
      }
      for (int i = 0; i < grad.length; i++) {
        float value = parameter.data()[i];
        parameter.data()[i] = value + STEP;
        double above = loss.apply(parameters[0], plain).item();
        parameter.data()[i] = value - STEP;
        double below = loss.apply(parameters[0], plain).item();
        parameter.data()[i] = value;
        assertEquals((above - below) / (2 * STEP), grad[i], 4e-3 * greatest + 2e-5, "element " + i);
        plain.recycle();
      }
    }
  }

  static List<ConvShape> convolutions() {
    return List.of(
        ConvShape.conv2d(2, 3, 5, 4, 2, 3, 2),
        ConvShape.conv2d(1, 2, 6, 7, 3, 3, 3).stride(2).padding(1),
        ConvShape.conv2d(2, 4, 5, 5, 6, 2, 2).groups(2),
        ConvShape.conv2d(1, 2, 7, 7, 2, 3, 3).dilation(2).padding(1),
        ConvShape.conv2d(1, 17, 3, 3, 18, 2, 2));
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolution(ConvShape shape) {
    Tensor x = parameter(shape.inputDims());
    Tensor weight = parameter(shape.filterDims());
    Tensor bias = parameter(shape.outChannels());
    check(
        (input, c) -> distance(Convolution.apply(input, weight, bias, shape, c), c),
        x,
        weight,
        bias);
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionOfDataThatNeedsNoGradient(ConvShape shape) {
    Tensor x = Tensor.of(parameter(shape.inputDims()).data(), shape.inputDims());
    Tensor weight = parameter(shape.filterDims());
    Tensor bias = parameter(shape.outChannels());
    check((filter, c) -> distance(Convolution.apply(x, filter, bias, shape, c), c), weight, bias);
    Context context = Context.inference(Workers.shared());
    assertArrayEquals(
        Convolution.apply(blocked(x, context), weight, bias, shape, context).values(),
        Convolution.apply(x, weight, bias, shape, context).values(),
        1e-5f);
  }

  @Test
  void dense() {
    Tensor weight = parameter(4, 5);
    Tensor bias = parameter(4);
    check((x, c) -> distance(Dense.apply(x, weight, bias, c), c), parameter(3, 5), weight, bias);
  }

  static List<Pooling.Kind> poolings() {
    return List.of(
        Pooling.Kind.MAX,
        Pooling.Kind.MIN,
        Pooling.Kind.AVERAGE,
        Pooling.Kind.AVERAGE_WITHOUT_PADDING,
        new Pooling.Kind.Lp(2),
        new Pooling.Kind.Mixed(0.3f, false));
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void pooling(Pooling.Kind kind) {
    PoolShape side = PoolShape.pool2d(2, 3, 4, 6, 2, 2).stride(2);
    check((x, c) -> distance(Pooling.apply(x, side, kind, c), c), parameter(side.inputDims()));
    PoolShape over = PoolShape.pool2d(1, 2, 6, 5, 3, 3).stride(2).padding(1).ceilMode(true);
    check((x, c) -> distance(Pooling.apply(x, over, kind, c), c), parameter(over.inputDims()));
  }

  static List<Activation> activations() {
    return List.of(
        new Activation.Relu(),
        new Activation.LeakyRelu(0.1f),
        new Activation.Tanh(),
        new Activation.Sigmoid(),
        new Activation.Identity());
  }

  @ParameterizedTest
  @MethodSource("activations")
  void activation(Activation activation) {
    check((x, c) -> distance(Elementwise.apply(x, activation, c), c), parameter(2, 3, 2, 3));
    check(
        (x, c) -> distance(Elementwise.apply(blocked(x, c), activation, c), c),
        parameter(2, 3, 2, 3));
  }

  @Test
  void clampPassesTheGradientOnlyInside() {
    Tensor x = Tensor.parameter(1, 4);
    System.arraycopy(new float[] {-2, -0.5f, 0.5f, 2}, 0, x.data(), 0, 4);
    check((t, c) -> distance(Elementwise.apply(t, new Activation.Clamp(-1, 1), c), c), x);
    assertEquals(0, x.grad()[0]);
    assertEquals(0, x.grad()[3]);
  }

  @Test
  void reshapeOfBlockedChannels() {
    check(
        (x, c) -> distance(Reshape.apply(blocked(x, c), c, 2, 17 * 2), c), parameter(2, 17, 2, 1));
  }

  @Test
  void crossEntropy() {
    int[] labels = {2, 0, 1};
    check((x, c) -> CrossEntropy.of(x, labels, c), parameter(3, 4));
  }

  @Test
  void gradientsOfBranchesAddUp() {
    Tensor weight = parameter(3, 3);
    Tensor bias = parameter(3);
    check(
        (x, c) -> {
          Tensor once = Dense.apply(x, weight, bias, c);
          return distance(Dense.apply(once, weight, bias, c), c);
        },
        parameter(2, 3),
        weight,
        bias);
  }

  private static Tensor blocked(Tensor x, Context context) {
    return Relayout.apply(x, Layout.NCHW16C, context);
  }
}
