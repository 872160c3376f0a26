package dev.lanewise.verify.survey;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;
import java.util.List;
import java.util.Locale;

/** Output sizes, pixels lost at borders, receptive fields. */
final class SizeNumbers {

  private SizeNumbers() {}

  static List<Worked> all() {
    return List.of(
        new Worked("224, 7x7, stride 2", "109", () -> "" + Axis.of(224, 7).withStride(2).output()),
        new Worked(
            "227, 11x11, stride 4", "55", () -> "" + Axis.of(227, 11).withStride(4).output()),
        new Worked(
            "'same' padding with stride 2 on 5",
            "3",
            () -> "" + Axis.of(5, 3).withStride(2).withPadding(1, 1).output()),
        new Worked("transposed 3x3 on 2x2", "4", () -> transposed(2, 3, 1)),
        new Worked("transposed 3x3 on 2x2, stride 2", "5", () -> transposed(2, 3, 2)),
        new Worked("50 valid 3x3 layers", "3740x2060, 7.11 % lost", () -> valid3x3(50, 3840, 2160)),
        new Worked("4 valid 3x3 layers", "20x20, 48.98 % lost", () -> valid3x3(4, 28, 28)),
        new Worked(
            "AlexNet's first layer has neurons",
            "290400",
            () -> "" + ConvShape.parse("ic3ih227oc96kh11sh4").outputPixels() * 96),
        new Worked("receptive field after 5x5, pool and 3x3", "10x10", () -> field(true)),
        new Worked("receptive field without the pool", "7x7", () -> field(false)));
  }

  /** The smallest size whose convolution gives {@code input} back. */
  private static String transposed(int input, int kernel, int stride) {
    int size = kernel;
    while (Axis.of(size, kernel).withStride(stride).output() < input) {
      size++;
    }
    return "" + size;
  }

  private static String valid3x3(int layers, int width, int height) {
    int w = width;
    int h = height;
    for (int i = 0; i < layers; i++) {
      int[] dims = ConvShape.conv2d(1, 1, h, w, 1, 3, 3).outputDims();
      h = dims[2];
      w = dims[3];
    }
    double lost = 100 * (1 - (double) w * h / ((double) width * height));
    return String.format(Locale.ROOT, "%dx%d, %.2f %% lost", w, h, lost);
  }

  private static String field(boolean pool) {
    Sequential body = new Sequential().add("conv1", new Conv2d(3, 32, 5).padding(2));
    if (pool) {
      body.add("pool1", Pool.max(2));
    }
    body.add("conv2", new Conv2d(32, 64, 3));
    Network network = new Network("exercise", new int[] {3, 128, 128}, body);
    List<Integer> field = LayerInfo.of(network, network.batchShape(1)).getLast().receptiveField();
    return field.get(0) + "x" + field.get(1);
  }
}
