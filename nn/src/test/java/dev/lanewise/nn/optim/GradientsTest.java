package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GradientsTest {

  /** A parameter with a gradient of these elements. */
  private static Tensor parameter(float... gradient) {
    Tensor x = Tensor.parameter(gradient.length);
    float[] target = new float[gradient.length];
    for (int i = 0; i < target.length; i++) {
      target[i] = -gradient[i] * gradient.length / 2;
    }
    Context context = Context.training(Workers.shared());
    MeanSquaredError.of(x, Tensor.of(target, target.length), context).backward();
    return x;
  }

  private static Gradients of(Map<String, Tensor> parameters) {
    return new Gradients(parameters, Workers.shared());
  }

  @Test
  void normsAreThoseOfEachAndOfAll() {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.put("a", parameter(3, 0, 0, 4, 0));
    parameters.put("still", Tensor.parameter(4));
    parameters.put("b", parameter(0, -12));
    Gradients gradients = of(parameters);
    assertEquals(Map.of("a", 5.0, "still", 0.0, "b", 12.0), gradients.norms());
    assertEquals(13, gradients.norm(), 1e-12);
    assertEquals(0.5f, gradients.scale(6.5));
    assertEquals(1f, gradients.scale(20));
    assertThrows(IllegalArgumentException.class, () -> gradients.scale(0));
  }

  @Test
  void normHasTheSameBitsOnAnyNumberOfThreads() {
    Random random = new Random(3);
    float[] values = new float[5 * Pieces.LENGTH + 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    Map<String, Tensor> parameters = Map.of("x", parameter(values));
    double one = of(parameters).norm();
    double squares = 0;
    for (float value : parameters.get("x").grad()) {
      squares += (double) value * value;
    }
    assertEquals(Math.sqrt(squares), one, 1e-12 * one);
    try (Workers three = Workers.of(3)) {
      assertEquals(one, new Gradients(parameters, three).norm());
    }
  }

  @Test
  void clampLimitsEveryElement() {
    Tensor x = parameter(3, -0.25f, -7, 1);
    of(Map.of("x", x, "still", Tensor.parameter(1))).clamp(1);
    assertArrayEquals(new float[] {1, -0.25f, -1, 1}, x.grad());
  }
}
