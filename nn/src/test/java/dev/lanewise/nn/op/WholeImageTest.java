package dev.lanewise.nn.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeImageTest {

  /** Small whole numbers, whose sums are exact in any order. */
  private static float[] whole(int seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(7) - 3;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mb3ic16ih5oc20kh5", "mb2ic19ih3iw2oc5kh3kw2", "mb1ic3id2ih2iw4oc33kd2kh2kw4"})
  void theGradientByDataIsThatOfTheConvolution(String text) {
    ConvShape shape = ConvShape.parse(text);
    Context context = Context.training(Workers.shared());
    float[] weight = whole(1, shape.filterLength());
    int[] dims = shape.outputDims();
    float[] planar = whole(2, shape.batch() * shape.outChannels());
    float[] dy = Tensor.of(planar, dims).to(Layout.NCHW16C).data();
    float[] wanted = new float[Layout.NCHW16C.length(shape.inputDims())];
    ConvGradient.of(shape, ConvOptions.defaults().withAlgorithm(Algorithm.DIRECT))
        .data(weight, dy, wanted);
    float[] dx = new float[wanted.length];
    WholeImage.dataGradient(shape, weight, dy, dx, context);
    assertArrayEquals(wanted, dx);
    assertEquals(0, context.bufferBytesInUse());
  }

  @ParameterizedTest
  @CsvSource({
    "ic16ih5oc120kh5, true",
    "ic16ih5oc120kh5ph1, false",
    "ic16ih5oc120kh5sh4ph1, false",
    "ic16ih6oc120kh5, false",
    "ic16ih1oc120kh1, false",
    "g2ic16ih5oc32kh5, false",
    "ic16ih5oc120kh3dh1, false"
  })
  void itIsUsedWhereTheKernelCoversTheImage(String text, boolean used) {
    assertEquals(used, WholeImage.seenBy(ConvShape.parse(text)));
  }
}
