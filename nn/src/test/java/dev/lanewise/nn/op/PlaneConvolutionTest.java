package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A first layer of few channels, on planes and in blocks of channels. */
class PlaneConvolutionTest {

  private static final int[] DIMS = {3, 1, 20, 21};

  private static Network network(boolean biased) {
    Sequential body =
        new Sequential()
            .add("conv", new Conv2d(1, 6, 5).padding(2).bias(biased))
            .add("tanh", Activate.tanh());
    return new Network("first", new int[] {1, 20, 21}, body).initialize(3);
  }

  private static float[] image() {
    Random random = new Random(5);
    float[] values = new float[Tensor.length(Layout.NCHW, DIMS)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** The values, after a pass back of the sum of their squares; and the reorders it took. */
  private static long train(Network network, UnaryOperator<Tensor> input, float[][] values) {
    Context context = Context.training(Workers.shared());
    Tensor x = input.apply(Tensor.of(image(), DIMS));
    Tensor y = network.outputs(x, context).getFirst();
    values[0] = y.values();
    Reduce.sum(Power.apply(Relayout.apply(y, Layout.NCHW, context), 2, context), context)
        .backward();
    return context.reorders();
  }

  @Test
  void planesAndBlocksAgree() {
    for (boolean biased : new boolean[] {true, false}) {
      Network planes = network(biased);
      Network blocks = network(biased);
      float[][] values = new float[2][];
      float[][] expected = new float[2][];
      assertEquals(2, train(planes, x -> x, values), "the output and its gradient");
      train(blocks, x -> x.to(Layout.NCHW16C), expected);
      assertArrayEquals(expected[0], values[0], 1e-6f);
      blocks
          .parameters()
          .forEach(
              (name, parameter) -> {
                assertNotNull(parameter.gradValues(), name);
                assertArrayEquals(
                    parameter.gradValues(),
                    planes.parameters().get(name).gradValues(),
                    1e-3f,
                    name);
              });
    }
  }
}
