package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideBySideTest {

  private static final ConvOptions EXACT = ConvOptions.defaults().withAlgorithm(Algorithm.DIRECT);

  /** Small whole numbers, whose sums are exact in any order. */
  private static Tensor whole(int seed, Layout layout, int... dims) {
    Random random = new Random(seed);
    float[] values = new float[Tensor.length(Layout.NCHW, dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(7) - 3;
    }
    float[] data = Tensor.of(values, dims).to(layout).data();
    return Tensor.variable(layout, data, dims);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mb9ic40ih2oc24oh2kh3ph1",
        "mb8ic16ih4oc48oh2kh3sh2ph1",
        "mb8ic19ih3iw1oc16oh3ow1kh3kw1ph1pw0"
      })
  void resultAndGradientsAreThoseOfImagesApart(String text) {
    ConvShape shape = ConvShape.parse(text);
    Context context = Context.training(Workers.shared());
    assertTrue(SideBySide.pays(shape, context));
    Tensor x = whole(1, Layout.NCHW16C, shape.inputDims());
    Tensor weight = whole(2, Layout.NCHW, shape.filterDims());
    Tensor bias = whole(3, Layout.NCHW, shape.outChannels());
    Tensor factors = whole(4, Layout.NCHW16C, shape.outputDims());
    Tensor y = Convolution.apply(x, weight, bias, shape, context);
    ConvPlan plan = ConvPlan.of(shape, EXACT);
    float[] wanted = new float[y.data().length];
    plan.run(x.data(), plan.pack(weight.data(), bias.data()), wanted);
    assertArrayEquals(wanted, y.data());
    Reduce.sum(Arithmetic.multiply(y, factors, context), context).backward();

    ConvGradient gradient = ConvGradient.of(shape, EXACT);
    float[] dx = new float[x.data().length];
    gradient.data(weight.data(), factors.data(), dx);
    assertArrayEquals(dx, x.grad());
    float[] dw = new float[weight.data().length];
    gradient.filter(x.data(), factors.data(), dw);
    assertArrayEquals(dw, weight.grad());
    float[] db = new float[shape.outChannels()];
    gradient.bias(factors.data(), db);
    assertArrayEquals(db, bias.grad());
    context.recycle();
    assertEquals(0, context.bufferBytesInUse());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mb7ic40ih2oc24oh2kh3ph1",
        "mb9ic40ih2oc24oh2kh1",
        "mb9ic40ih5oc24oh5kh3ph1",
        "g2mb9ic32ih2oc32oh2kh3ph1"
      })
  void otherConvolutionsKeepTheirImagesApart(String text) {
    ConvShape shape = ConvShape.parse(text);
    assertFalse(SideBySide.pays(shape, Context.training(Workers.shared())));
  }

  @ParameterizedTest
  @ValueSource(strings = "mb9ic40ih2oc24oh2kh3ph1")
  void onlyTrainingOfUsualAccuracyJoinsImages(String text) {
    ConvShape shape = ConvShape.parse(text);
    Context strict = Context.training(Workers.shared()).accuracy(Accuracy.STRICT);
    assertFalse(SideBySide.pays(shape, strict));
    assertFalse(SideBySide.pays(shape, Context.inference(Workers.shared())));
  }
}
