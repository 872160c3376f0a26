package dev.lanewise.verify.survey;

import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.models.Models;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Parameters of layers and networks, counted by the layers or by their shapes. */
final class ParameterNumbers {

  /** A layer that is only described, for networks too large to hold for their counts. */
  private record Described(int inChannels, int outChannels, int kernel) {
    long parameters() {
      ConvShape shape =
          ConvShape.conv2d(1, inChannels, kernel, kernel, outChannels, kernel, kernel);
      return (long) shape.filterLength() + outChannels;
    }
  }

  private ParameterNumbers() {}

  static List<Worked> all() {
    return List.of(
        new Worked(
            "exercise 128x128x3",
            "2,432 18,496 7,872,640 516; total 7,894,084",
            () -> counts(exercise())),
        new Worked("exercise flattens to", "61,504", ParameterNumbers::flattened),
        new Worked(
            "five-layer sample network",
            "896 18,496 73,856 16,512 1,290; total 111,050",
            () -> counts(fiveLayers())),
        new Worked("ten 3x3x3 filters", "280", () -> count(new Conv2d(3, 10, 3))),
        new Worked("100 RGB filters of 3x3", "2,800", () -> count(new Conv2d(3, 100, 3))),
        new Worked("dense 128 > 64", "8,256", () -> count(new Linear(128, 64))),
        new Worked("MLP 10-100-5", "1,100 505; total 1,605", () -> counts(perceptron())),
        new Worked(
            "LeNet-5 as it is taught",
            "61,706",
            () -> number(Models.create("lenet5").parameterCount())),
        new Worked(
            "LeNet-5 of 1998",
            "156 12 1,516 32 48,120 10,164; total 60,000",
            ParameterNumbers::lenet1998),
        new Worked(
            "AlexNet at 227x227, ungrouped",
            "34,944 614,656 885,120 1,327,488 884,992 37,752,832 16,781,312 4,097,000;"
                + " total 62,378,344",
            ParameterNumbers::alexnet),
        new Worked(
            "VGG-16",
            "1,792 36,928 73,856 147,584 295,168 590,080 590,080 1,180,160 2,359,808 2,359,808"
                + " 2,359,808 2,359,808 2,359,808 102,764,544 16,781,312 4,097,000;"
                + " total 138,357,544",
            ParameterNumbers::vgg16));
  }

  private static Network exercise() {
    return new Network(
        "exercise",
        new int[] {3, 128, 128},
        new Sequential()
            .add("conv1", new Conv2d(3, 32, 5).padding(2))
            .add("pool1", Pool.max(2))
            .add("conv2", new Conv2d(32, 64, 3))
            .add("pool2", Pool.max(2))
            .add("flatten", new Flatten())
            .add("dense1", new Linear(61_504, 128))
            .add("relu", Activate.relu())
            .add("dense2", new Linear(128, 4)));
  }

  private static String flattened() {
    Network network = exercise();
    return LayerInfo.of(network, network.batchShape(1)).stream()
        .filter(layer -> layer.name().equals("flatten"))
        .map(layer -> number(layer.outputShape().getLast()))
        .findFirst()
        .orElseThrow();
  }

  private static Network fiveLayers() {
    return new Network(
        "sample",
        new int[] {3, 28, 28},
        new Sequential()
            .add("conv1", new Conv2d(3, 32, 3))
            .add("pool1", Pool.max(2))
            .add("conv2", new Conv2d(32, 64, 3))
            .add("pool2", Pool.max(2))
            .add("conv3", new Conv2d(64, 128, 3))
            .add("pool3", Pool.max(2))
            .add("flatten", new Flatten())
            .add("dense1", new Linear(128, 128))
            .add("dense2", new Linear(128, 10)));
  }

  private static Network perceptron() {
    return new Network(
        "perceptron",
        new int[] {10},
        new Sequential().add("hidden", new Linear(10, 100)).add("output", new Linear(100, 5)));
  }

  private static String counts(Network network) {
    return total(
        LayerInfo.of(network, network.batchShape(1)).stream()
            .map(LayerInfo::parameters)
            .filter(parameters -> parameters > 0)
            .toList());
  }

  private static String count(Layer layer) {
    return number(layer.parameters().values().stream().mapToLong(p -> p.size()).sum());
  }

  /**
   * C3 sees 3 inputs in six of its maps, 4 in nine and 6 in one (LeCun et al. 1998, table I); each
   * subsampled map has one coefficient and one bias.
   */
  private static String lenet1998() {
    long connections = 6 * 3 + 9 * 4 + 6;
    return total(
        List.of(
            new Described(1, 6, 5).parameters(),
            2L * 6,
            connections * 5 * 5 + 16,
            2L * 16,
            new Described(16, 120, 5).parameters(),
            new Described(120, 84, 1).parameters()));
  }

  private static String alexnet() {
    return described(
        new Described(3, 96, 11),
        new Described(96, 256, 5),
        new Described(256, 384, 3),
        new Described(384, 384, 3),
        new Described(384, 256, 3),
        new Described(256, 4096, 6),
        new Described(4096, 4096, 1),
        new Described(4096, 1000, 1));
  }

  /** Two or three convolutions a stage; the first dense layer sees 7x7 pixels. */
  private static String vgg16() {
    List<Described> layers = new ArrayList<>();
    int channels = 3;
    for (int[] stage : new int[][] {{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}}) {
      for (int i = 0; i < stage[0]; i++) {
        layers.add(new Described(channels, stage[1], 3));
        channels = stage[1];
      }
    }
    layers.add(new Described(512, 4096, 7));
    layers.add(new Described(4096, 4096, 1));
    layers.add(new Described(4096, 1000, 1));
    return described(layers.toArray(Described[]::new));
  }

  private static String described(Described... layers) {
    return total(List.of(layers).stream().map(Described::parameters).toList());
  }

  private static String total(List<Long> counts) {
    return counts.stream().map(ParameterNumbers::number).collect(Collectors.joining(" "))
        + "; total "
        + number(counts.stream().mapToLong(Long::longValue).sum());
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
