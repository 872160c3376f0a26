package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShortChainsTest {

  private static final ConvShape SHAPE = ConvShape.conv2d(2, 20, 7, 6, 48, 3, 3).padding(1);

  private static Tensor random(int seed, int... shape) {
    Tensor tensor = Tensor.parameter(shape);
    Random random = new Random(seed);
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  private static float[] dataGradient(Context context) {
    Tensor x = random(1, SHAPE.inputDims());
    Tensor y = Convolution.apply(x, random(2, SHAPE.filterDims()), SHAPE, context);
    Tensor flat = Reshape.apply(y, context, 1, y.size());
    MeanSquaredError.of(flat, Tensor.zeros(1, y.size()), context).backward();
    return x.gradValues();
  }

  @Test
  void partsOfTheChannelsSumToTheConvolution() {
    ConvShape shape = ConvShape.conv2d(2, 75, 7, 6, 21, 3, 3).padding(1);
    Context usual = Context.inference(Workers.shared());
    Context strict = Context.inference(Workers.shared()).accuracy(Accuracy.STRICT);
    assertTrue(ShortChains.wantedForward(shape, strict));
    assertFalse(ShortChains.wantedForward(shape, usual));
    assertFalse(ShortChains.wantedForward(SHAPE, strict));
    float[] expected = output(shape, usual);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.round(expected[i]);
    }
    assertArrayEquals(expected, output(shape, strict));
  }

  /** Of small integers, whose sums are whole. */
  private static float[] output(ConvShape shape, Context context) {
    Tensor x = integers(3, shape.inputDims());
    Tensor weight = integers(4, shape.filterDims());
    Tensor bias = integers(5, shape.outChannels());
    return Convolution.apply(x, weight, bias, shape, context).values();
  }

  private static Tensor integers(int seed, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    Random random = new Random(seed);
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = random.nextInt(9) - 4;
    }
    return tensor;
  }

  @Test
  void blocksSumToTheGradientByData() {
    Context usual = Context.training(Workers.shared());
    Context strict = Context.training(Workers.shared()).accuracy(Accuracy.STRICT);
    assertTrue(ShortChains.wanted(SHAPE, strict));
    assertFalse(ShortChains.wanted(SHAPE, usual));
    assertFalse(ShortChains.wanted(SHAPE.groups(4), strict));
    assertArrayEquals(dataGradient(usual), dataGradient(strict), 1e-5f);
  }
}
