package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.op.Arithmetic;
import dev.lanewise.nn.op.Elementwise;
import dev.lanewise.nn.op.Reduce;
import dev.lanewise.nn.op.Reshape;
import dev.lanewise.nn.op.Scale;
import org.junit.jupiter.api.Test;

/** What the tape keeps, gives back and refuses. */
class TapeTest {

  private final Context context = Context.training(Workers.shared());

  private static Tensor parameter(float... values) {
    Tensor parameter = Tensor.parameter(values.length);
    System.arraycopy(values, 0, parameter.data(), 0, values.length);
    return parameter;
  }

  private static String refusal(Runnable wrong) {
    return assertThrows(IllegalStateException.class, wrong::run).getMessage();
  }

  @Test
  void refusesASecondWalk() {
    Tensor x = parameter(1, 2);
    Tensor squares = Arithmetic.multiply(x, x, context);
    Tensor loss = Reduce.sum(squares, context);
    Tensor other = Reduce.mean(squares, context);
    loss.backward();
    assertTrue(refusal(loss::backward).startsWith("backward() has already passed through this"));
    assertTrue(refusal(other::backward).startsWith("backward() has already passed through this"));
    assertArrayEquals(new float[] {2, 4}, x.grad());
  }

  @Test
  void refusesValuesThatWereChangedWhereTheOldOnesAreNeeded() {
    Tensor x = parameter(1, 2);
    Tensor w = parameter(3, 4);
    Tensor product = Reduce.sum(Arithmetic.multiply(x, w, context), context);
    w.data()[0] = 5;
    w.changed();
    assertEquals(
        "input 1 of Arithmetic, Tensor[2] NCHW, was changed in place after the forward pass; its"
            + " gradient needs the old values",
        refusal(product::backward));
    Tensor sum = Reduce.sum(Arithmetic.add(x, w, context), context);
    w.changed();
    sum.backward();
    assertArrayEquals(new float[] {1, 1}, w.grad());
  }

  @Test
  void refusesAChangeThroughAView() {
    Tensor x = parameter(1, 2);
    Tensor row = Reshape.apply(x, context, 1, 2);
    Tensor loss = Reduce.sum(Arithmetic.multiply(row, row, context), context);
    x.changed();
    assertTrue(refusal(loss::backward).contains("was changed in place"));
  }

  @Test
  void refusesValuesAndTapesOfAnEarlierCycle() {
    Tensor x = parameter(1, 2);
    Tensor scaled = Scale.apply(x, 2, 0, context);
    Tensor loss = Reduce.sum(scaled, context);
    context.recycle();
    assertEquals(
        "the values of Tensor[2] NCHW are gone: its context was recycled; copy them before",
        refusal(scaled::data));
    assertTrue(refusal(loss::backward).contains("computed before its context was recycled"));
  }

  @Test
  void backwardGivesMemoryBackButForWhatIsRetained() {
    Tensor x = parameter(1, 2, 3);
    Tensor squares = Arithmetic.multiply(x, x, context);
    Tensor cubes = Arithmetic.multiply(squares, x, context).retain();
    Reduce.sum(cubes, context).backward();
    assertTrue(refusal(squares::data).contains("retain() keeps them"));
    assertArrayEquals(new float[] {1, 8, 27}, cubes.data());
    assertArrayEquals(new float[] {1, 1, 1}, cubes.grad());
    assertArrayEquals(new float[] {3, 12, 27}, x.grad());
    assertEquals(2 * 3 * Float.BYTES, context.bufferBytesInUse());
  }

  @Test
  void discardedValuesStayWhereTheBackwardPassReadsThem() {
    Tensor x = parameter(1, 2, 3);
    Tensor kept = Elementwise.apply(x, Activation.TANH, context);
    Tensor scaled = Scale.apply(kept, 2, 0, context);
    kept.discard();
    assertNotNull(kept.data());
    Tensor loss = Reduce.sum(scaled, context);
    scaled.discard();
    assertThrows(IllegalStateException.class, scaled::data);
    loss.backward();
    assertEquals(2 * (1 - Math.pow(Math.tanh(1), 2)), x.grad()[0], 1e-6);
  }

  @Test
  void discardedValuesOfAnInferenceAreReused() {
    Context plain = Context.inference(Workers.shared());
    Tensor x = parameter(1, 2, 3);
    for (int i = 0; i < 10; i++) {
      Tensor next = Scale.apply(x, 0.5f, 1, plain);
      x.discard();
      x = next;
    }
    assertEquals(2 * 3 * Float.BYTES, plain.bufferBytes());
    assertEquals(2, x.data()[2], 1e-2);
  }

  @Test
  void buffersStopGrowingAfterTheFirstStep() {
    Tensor x = parameter(1, 2, 3, 4);
    long after = 0;
    for (int step = 0; step < 1_000; step++) {
      context.recycle();
      x.zeroGrad();
      Tensor y = x;
      for (int i = 0; i < 5; i++) {
        y = Arithmetic.multiply(Scale.apply(y, 0.5f, 1, context), x, context);
      }
      Reduce.sum(y, context).backward();
      after = step == 0 ? context.bufferBytes() : after;
    }
    assertEquals(after, context.bufferBytes());
  }

  @Test
  void anInputThatAsksForItGetsAGradientInUseToo() {
    Tensor x = Tensor.variable(Layout.NCHW, new float[] {2}, 1);
    Reduce.sum(
            Arithmetic.multiply(x, x, Context.recordedInference(Workers.shared())),
            Context.recordedInference(Workers.shared()))
        .backward();
    assertArrayEquals(new float[] {4}, x.grad());
  }

  @Test
  void seedsAreARow() {
    context.seed(7);
    long first = context.nextSeed();
    long second = context.nextSeed();
    assertEquals(Seeds.at(7, 0), first);
    assertEquals(Seeds.at(7, 1), second);
  }
}
