package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void storedElementsAreReadWhenAskedForAndKept() {
    AtomicInteger reads = new AtomicInteger();
    Tensor stored =
        Tensor.stored(
            into -> {
              into[0] = reads.incrementAndGet();
              into[1] = 7;
            },
            2);
    float[] longer = {0, 0, 9};
    stored.copyTo(longer);
    assertArrayEquals(new float[] {1, 7, 9}, longer);
    assertTrue(stored.isStored());
    Tensor parameter = Tensor.parameter(2);
    parameter.adopt(stored);
    assertTrue(parameter.isStored());
    assertArrayEquals(new float[] {2, 7}, parameter.data());
    assertFalse(parameter.isStored());
    assertSame(parameter.data(), parameter.data());
    parameter.copyTo(longer);
    assertArrayEquals(new float[] {2, 7, 9}, longer);
    assertEquals(2, reads.get());
    parameter.adopt(Tensor.of(new float[] {3, 4}, 2));
    assertArrayEquals(new float[] {3, 4}, parameter.data());
    assertThrows(IllegalArgumentException.class, () -> stored.copyTo(new float[1]));
  }

  @Test
  void storedElementsThatCannotBeReadAreAskedForAgain() {
    Tensor gone =
        Tensor.stored(
            into -> {
              throw new IOException("the disk is gone");
            },
            2);
    assertEquals(
        "the disk is gone", assertThrows(UncheckedIOException.class, gone::data).getMessage());
    assertThrows(UncheckedIOException.class, gone::data);
    assertThrows(UncheckedIOException.class, () -> gone.copyTo(new float[2]));
  }
}
