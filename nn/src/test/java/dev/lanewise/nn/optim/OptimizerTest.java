package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {

  private static Tensor parameter(float... values) {
    Tensor tensor = Tensor.parameter(values.length);
    System.arraycopy(values, 0, tensor.data(), 0, values.length);
    return tensor;
  }

  /** Gives a pair the gradient x - target, by a squared error over two elements. */
  private static void gradient(Tensor x, float... target) {
    x.zeroGrad();
    Context context = Context.training(Workers.shared());
    MeanSquaredError.of(x, Tensor.of(target, target.length), context).backward();
  }

  @Test
  void surveyExampleOfGradientDescent() {
    Tensor theta = parameter(1, 0);
    gradient(theta, 0.9f, 0.1f);
    assertArrayEquals(new float[] {0.1f, -0.1f}, theta.grad(), 1e-7f);
    new Sgd(List.of(theta), 0.001f).step();
    assertArrayEquals(new float[] {0.9999f, 0.0001f}, theta.data(), 1e-7f);
  }

  @Test
  void momentumKeepsAVelocityThatWeightDecayJoins() {
    Tensor x = parameter(2, -4);
    Sgd sgd = new Sgd(List.of(x), 0.1f, 0.5f, 0.25f);
    gradient(x, 1, -1);
    sgd.step(); // velocity 1 + 0.5 = 1.5 and -3 - 1 = -4
    assertArrayEquals(new float[] {1.85f, -3.6f}, x.data(), 1e-6f);
    gradient(x, 0.85f, -3.6f);
    sgd.step(); // velocity 0.75 + 1 + 0.4625 = 2.2125 and -2 + 0 - 0.9 = -2.9
    assertArrayEquals(new float[] {1.62875f, -3.31f}, x.data(), 1e-6f);
  }

  @Test
  void adamMovesByItsRateWhateverTheGradient() {
    Tensor x = parameter(1, 1);
    gradient(x, 0.99f, 101);
    new Adam(List.of(x), 0.01f).step();
    assertArrayEquals(new float[] {0.99f, 1.01f}, x.data(), 1e-6f);
  }

  @Test
  void rmsPropMovesByTenTimesItsRateAtFirst() {
    Tensor x = parameter(1, 1);
    gradient(x, 0.9f, 3);
    new RmsProp(List.of(x), 0.01f).step();
    assertArrayEquals(new float[] {0.9f, 1.1f}, x.data(), 1e-6f);
  }

  @Test
  void parametersWithoutAGradientStay() {
    Tensor x = parameter(1, 1);
    for (String name : Optimizer.NAMES) {
      Optimizer.create(name, List.of(x), 0.1f, 0, 0.5f).step();
    }
    assertArrayEquals(new float[] {1, 1}, x.data());
  }

  @Test
  void refusesUnknownNamesAndMeaninglessSettings() {
    assertEquals(
        "unknown optimizer 'lion'; known: [sgd, adam, rmsprop]",
        assertThrows(
                IllegalArgumentException.class,
                () -> Optimizer.create("lion", List.of(), 0.1f, 0, 0))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Optimizer.create("adam", List.of(), 0.1f, 0.9f, 0));
    assertEquals(
        "learning rate must be finite and not negative, is NaN",
        assertThrows(IllegalArgumentException.class, () -> new Sgd(List.of(), Float.NaN))
            .getMessage());
  }
}
