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
  void blocksSumToTheGradientByData() {
    Context usual = Context.training(Workers.shared());
    Context strict = Context.training(Workers.shared()).accuracy(Accuracy.STRICT);
    assertTrue(ShortChains.wanted(SHAPE, strict));
    assertFalse(ShortChains.wanted(SHAPE, usual));
    assertFalse(ShortChains.wanted(SHAPE.groups(4), strict));
    assertArrayEquals(dataGradient(usual), dataGradient(strict), 1e-5f);
  }
}
