package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every layer keeps: its shape rule is that of its computation, and gradients reach all. */
class LayerShapeTest {

  private static final int[] LINE = {2, 6, 9};
  private static final int[] IMAGE = {2, 6, 9, 8};
  private static final int[] VOLUME = {1, 6, 5, 6, 7};

  static Stream<Arguments> layers() {
    return Stream.of(
        layer("conv1d", new Conv1d(6, 4, 3).padding(1).stride(2), LINE),
        layer("conv2d", new Conv2d(6, 4, 3).dilation(2).groups(2), IMAGE),
        layer("conv2d without bias", new Conv2d(6, 4, 3).bias(false), IMAGE),
        layer("reflecting", new Conv2d(6, 4, 3).padding(1).padding(PaddingMode.REFLECT), IMAGE),
        layer("conv3d", new Conv3d(6, 4, 3).padding(1), VOLUME),
        layer("transposed 1d", new ConvTranspose(1, 6, 4, 3), LINE),
        layer(
            "transposed 2d",
            new ConvTranspose(2, 6, 4, 3).stride(2).padding(1).outputPadding(1).groups(2),
            IMAGE),
        layer("separable", new DepthwiseSeparable(6, 10, 3, 2), IMAGE),
        layer("linear", new Linear(6, 4), 3, 6),
        layer("batch norm", new BatchNorm(6), IMAGE),
        layer("batch norm of volumes", new BatchNorm(6), VOLUME),
        layer("group norm", new GroupNorm(3, 6), IMAGE),
        layer("instance norm", new InstanceNorm(6), IMAGE),
        layer("layer norm", new LayerNorm(6), IMAGE),
        layer("local response norm", new LocalResponseNorm(5), IMAGE),
        layer("max pool", Pool.max(3).stride(2).padding(1), IMAGE),
        layer("max pool of lines", Pool.max(3), LINE),
        layer("max pool in ceil mode", Pool.max(3).stride(2).ceilMode(), IMAGE),
        layer("dilated max pool", Pool.max(3).dilation(2).stride(1), IMAGE),
        layer("min pool", Pool.min(2), IMAGE),
        layer("average pool", Pool.average(3, 2).stride(2, 1).padding(1, 0), IMAGE),
        layer("average of volumes", Pool.averageWithoutPadding(2).padding(1), VOLUME),
        layer("l2 pool", Pool.lp(2, 2), IMAGE),
        layer("mixed pool", Pool.mixed(0.25f, 2), IMAGE),
        layer("adaptive average", AdaptivePool.average(4), IMAGE),
        layer("adaptive max", AdaptivePool.max(3, 2), IMAGE),
        layer("global of lines", AdaptivePool.average(1), LINE),
        layer("dropout", Drop.elements(0.5f), IMAGE),
        layer("channel dropout", Drop.channels(0.5f), IMAGE),
        layer("stochastic depth", Drop.samples(0.5f), IMAGE),
        layer("flatten", new Flatten(), IMAGE),
        layer("nearest", Upsampling.nearest(2), IMAGE),
        layer("bilinear", Upsampling.bilinear(3), IMAGE),
        layer("padded channels", new PadChannels(20), IMAGE),
        layer("silu", Activate.silu(), IMAGE),
        layer("prelu", new PRelu(6), IMAGE),
        layer("spectral pool", new FrequencyPool(4, 3), IMAGE),
        layer("spectral pool of volumes", new FrequencyPool(2), VOLUME),
        layer("max pyramid", PyramidPooling.max(1, 2, 3), IMAGE),
        layer("average pyramid of lines", PyramidPooling.average(1, 4), LINE),
        layer(
            "pool and unpool",
            new PoolAndUnpool(Pool.max(2), Sequential.of(new Conv2d(6, 6, 3).padding(1))),
            IMAGE),
        layer(
            "squeeze-and-excitation",
            new SqueezeExcitation(6, 2, Activation.SILU, Activation.SIGMOID),
            IMAGE));
  }

  private static Arguments layer(String name, Layer layer, int... input) {
    return Arguments.of(name, layer, input);
  }

  private static Tensor random(int... shape) {
    Tensor tensor = Tensor.parameter(shape);
    Random random = new Random(3);
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void theShapeRuleIsThatOfTheComputation(String name, Layer layer, int[] input) {
    layer.initialize(new Initializer.FanInUniform(), new Random(1));
    for (Context context :
        List.of(Context.inference(Workers.shared()), Context.training(Workers.shared()))) {
      assertArrayEquals(layer.outputShape(input), layer.forward(random(input), context).shape());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void gradientsReachTheInputAndAllParameters(String name, Layer layer, int[] input) {
    layer.initialize(new Initializer.FanInUniform(), new Random(1));
    Context context = Context.training(Workers.shared());
    Tensor x = random(input);
    Tensor y = layer.forward(x, context);
    Tensor rows = new Flatten().forward(y, context);
    MeanSquaredError.of(rows, Tensor.zeros(rows.shape()), context).backward();
    List<Tensor> reached = new ArrayList<>(layer.parameters().values());
    reached.add(x);
    for (Tensor tensor : reached) {
      assertEquals(tensor.size(), tensor.gradValues().length, name);
    }
  }

  @Test
  void wrongInputsAreRefusedWithBothShapes() {
    Map<Layer, String> refusals =
        Map.of(
            new Conv1d(6, 4, 3),
            "convolution 3 6 > 4 needs an input [n, 6, w], got [2, 5, 9, 8]",
            new BatchNorm(6),
            "BatchNorm of 6 channels needs an input [n, 6, ...], got [2, 5, 9, 8]",
            Pool.max(2, 2, 2),
            "maxpool [2, 2, 2] needs an input [n, c, 3 spatial dimensions], got [2, 5, 9, 8]",
            new PRelu(6),
            "PReLU of 6 channels needs an input [n, 6, ...], got [2, 5, 9, 8]",
            new FrequencyPool(9),
            "spectral pooling to [9] makes nothing larger, got [2, 5, 9, 8]",
            new PoolAndUnpool(Pool.max(2), Sequential.of(Pool.max(2))),
            "layers between a pooling and its unpooling must keep the shape [2, 5, 4, 4], give"
                + " [2, 5, 2, 2]",
            new PadChannels(4),
            "padding to 4 channels needs an input [n, at most 4, ...], got [2, 5, 9, 8]");
    refusals.forEach(
        (layer, message) ->
            assertEquals(
                message,
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                            layer.forward(
                                Tensor.zeros(2, 5, 9, 8), Context.inference(Workers.shared())))
                    .getMessage()));
  }

  @Test
  void unpooledValuesStandWhereTheMaximaWere() {
    Layer layer = new PoolAndUnpool(Pool.max(2), Sequential.of(Activate.clamp(-9, 7)));
    Tensor image = Tensor.of(new float[] {1, 2, 5, 6, 4, 3, 8, 7, 0, 0, 0, 0}, 1, 1, 3, 4);
    assertArrayEquals(
        new float[] {0, 0, 0, 0, 4, 0, 7, 0, 0, 0, 0, 0},
        layer.forward(image, Context.inference(Workers.shared())).values());
    assertThrows(
        IllegalArgumentException.class,
        () -> new PoolAndUnpool(Pool.max(3).stride(2), new Sequential()));
    assertThrows(
        IllegalArgumentException.class, () -> new PoolAndUnpool(Pool.average(2), new Sequential()));
  }
}
