package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the operations of networks compute; their gradients are checked by {@code verify}. */
class NetworkOperationTest {

  private final Context context = Context.training(Workers.shared());

  private static Tensor counting(int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = i;
    }
    return tensor;
  }

  private Tensor blocked(Tensor x) {
    return Relayout.apply(x, Layout.NCHW16C, context);
  }

  @Test
  void channelsAreJoinedAtAnyLaneWithZerosAfterTheLast() {
    Tensor a = counting(2, 17, 2, 1);
    Tensor b = counting(2, 20, 2, 1);
    float[] joined = Concat.channels(List.of(a, b), context).values();
    Tensor inBlocks = Concat.channels(List.of(blocked(a), b), context);
    assertSame(Layout.NCHW16C, inBlocks.layout());
    assertArrayEquals(joined, inBlocks.values());
    assertEquals(37 * 2 * 2, joined.length);
    assertArrayEquals(Tensor.of(joined, 2, 37, 2, 1).to(Layout.NCHW16C).data(), inBlocks.data());
  }

  @Test
  void nearestRepeatsPixelsAndBilinearDividesTheGapEvenly() {
    Tensor x = Tensor.of(new float[] {0, 4}, 1, 1, 1, 2);
    assertArrayEquals(
        new float[] {0, 0, 4, 4}, Upsample.apply(x, 1, 4, Upsample.Mode.NEAREST, context).values());
    assertArrayEquals(
        new float[] {0, 1, 3, 4},
        Upsample.apply(x, 1, 4, Upsample.Mode.BILINEAR, context).values());
    assertArrayEquals(
        new float[] {0, 1, 2, 3, 4},
        Upsample.apply(x, 1, 5, Upsample.Mode.BILINEAR_ALIGNED, context).values());
  }

  @Test
  void dropoutKeepsTheMeanAndDropsWholeUnits() {
    Tensor x = Tensor.zeros(4, 17, 8, 8);
    Arrays.fill(x.data(), 1);
    context.seed(3);
    float[] elements = Dropout.apply(x, 0.25f, Dropout.Unit.ELEMENT, context).values();
    double sum = 0;
    for (float value : elements) {
      assertEquals(value == 0 ? 0 : 4f / 3, value);
      sum += value;
    }
    assertEquals(1, sum / elements.length, 0.05);
    float[] channels = Dropout.apply(blocked(x), 0.5f, Dropout.Unit.CHANNEL, context).values();
    for (int i = 0; i < channels.length; i++) {
      assertEquals(channels[i / 64 * 64], channels[i]);
    }
    float[] samples = Dropout.apply(x, 0.5f, Dropout.Unit.SAMPLE, context).values();
    for (int i = 0; i < samples.length; i++) {
      assertEquals(samples[i / (17 * 64) * 17 * 64], samples[i]);
    }
    Context use = Context.inference(Workers.shared());
    assertSame(x, Dropout.apply(x, 0.5f, Dropout.Unit.ELEMENT, use));
  }

  @Test
  void oneSeedGivesOneRowOfMasks() {
    Tensor x = counting(2, 50);
    context.seed(9);
    float[] first = Dropout.apply(x, 0.5f, Dropout.Unit.ELEMENT, context).values();
    float[] second = Dropout.apply(x, 0.5f, Dropout.Unit.ELEMENT, context).values();
    context.seed(9);
    assertArrayEquals(first, Dropout.apply(x, 0.5f, Dropout.Unit.ELEMENT, context).values());
    assertFalse(Arrays.equals(first, second));
  }

  @Test
  void batchNormMovesItsAveragesInTrainingAndUsesThemAfterwards() {
    Tensor x = Tensor.of(new float[] {1, 3, 5, 7}, 4, 1);
    Normalization.Running running =
        new Normalization.Running(Tensor.zeros(1), Tensor.of(new float[] {1}, 1), 0.5f);
    Normalization.Affine affine = new Normalization.Affine(null, null, 0);
    Tensor y = Normalization.batch(x, affine, running, Normalization.Epilogue.NONE, context);
    float root = (float) Math.sqrt(5);
    assertArrayEquals(new float[] {-3 / root, -1 / root, 1 / root, 3 / root}, y.values(), 1e-6f);
    assertEquals(2, running.mean().item());
    assertEquals(0.5f + 0.5f * 20 / 3, running.variance().item(), 1e-6f);
    Context use = Context.inference(Workers.shared());
    Tensor used = Normalization.batch(x, affine, running, Normalization.Epilogue.NONE, use);
    float deviation = (float) Math.sqrt(running.variance().item());
    assertEquals((7 - 2) / deviation, used.values()[3], 1e-6f);
  }

  @Test
  void epilogueOfANormIsTheSumAndActivationAfterIt() {
    Tensor x = counting(2, 5, 3, 3);
    Tensor residual = counting(2, 5, 3, 3);
    Normalization.Affine affine = new Normalization.Affine(null, null, 1e-5f);
    Normalization.Epilogue epilogue = new Normalization.Epilogue(residual, Activation.SILU);
    float[] fused = Normalization.instance(x, affine, epilogue, context).values();
    Tensor plain = Normalization.instance(x, affine, Normalization.Epilogue.NONE, context);
    float[] apart = Add.apply(plain, residual, Activation.SILU, context).values();
    assertArrayEquals(apart, fused, 1e-5f);
  }

  @Test
  void channelsAreScaledByTheirOwnNumbers() {
    Tensor x = counting(2, 3, 1, 2);
    Tensor scale = counting(2, 3);
    assertArrayEquals(
        new float[] {0, 0, 2, 3, 8, 10, 18, 21, 32, 36, 50, 55},
        ChannelScale.apply(x, scale, context).values());
  }
}
