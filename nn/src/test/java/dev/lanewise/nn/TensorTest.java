package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.loss.MeanSquaredError;
import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void layoutsHoldTheSameValues() {
    float[] values = {1, 2, 3, 4, 5, 6};
    Tensor blocked = Tensor.of(values, 1, 3, 2, 1).to(Layout.NCHW16C);
    assertEquals(32, blocked.data().length);
    assertEquals(6, blocked.size());
    assertArrayEquals(values, blocked.values());
  }

  @Test
  void refusesArraysOfAnotherLength() {
    assertEquals(
        "tensor [2, 3] needs 6 floats, has 5",
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[5], 2, 3))
            .getMessage());
    assertThrows(NullPointerException.class, () -> Tensor.of(null, 2));
    assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(1 << 16, 1 << 16));
    assertEquals(
        "every dimension must be at least 1: [2, 0]",
        assertThrows(IllegalArgumentException.class, () -> Tensor.zeros(2, 0)).getMessage());
  }

  @Test
  void gradientsOfParametersAddUpUntilTheyAreForgotten() {
    Tensor x = Tensor.parameter(2);
    x.data()[0] = 3;
    Context context = Context.training(Workers.shared());
    MeanSquaredError.of(x, Tensor.zeros(2), context).backward();
    assertArrayEquals(new float[] {3, 0}, x.grad());
    MeanSquaredError.of(x, Tensor.zeros(2), context).backward();
    assertArrayEquals(new float[] {6, 0}, x.grad());
    x.zeroGrad();
    assertNull(x.grad());
  }

  @Test
  void backwardNeedsARecordedSingleNumber() {
    Tensor x = Tensor.parameter(2);
    assertThrows(IllegalArgumentException.class, x::backward);
    Tensor loss = MeanSquaredError.of(x, Tensor.zeros(2), Context.inference(Workers.shared()));
    assertThrows(IllegalStateException.class, loss::backward);
  }

  @Test
  void contextsHandTheSameBuffersToEveryStep() {
    Context context = Context.inference(Workers.shared());
    float[] first = context.buffer(8);
    float[] second = context.buffer(8);
    context.recycle();
    assertSame(first, context.buffer(8));
    assertSame(second, context.buffer(8));
  }
}
