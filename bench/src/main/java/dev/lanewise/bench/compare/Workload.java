package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Inference;
import dev.lanewise.bench.peer.Job;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.bench.peer.TrainingStep;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.LayerList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A row to be compared.
 *
 * @param name its name in the list
 * @param jobs what is computed, for a number of threads
 */
record Workload(String name, IntFunction<Job> jobs) {

  /** The layer list in one direction. */
  static List<Workload> layers(Direction direction) {
    return LayerList.rows().stream()
        .map(row -> new Workload(row.name(), n -> Problem.of(row.shape(), direction, n)))
        .toList();
  }

  /** Depthwise convolutions of MobileNets and the pointwise ones that follow them. */
  static List<Workload> separable() {
    return List.of(
        separable("3x3 32>64@112", "g32ic32ih112oc32kh3ph1", 64),
        separable("3x3 128>128@56", "g128ic128ih56oc128kh3ph1", 128),
        separable("3x3 s2 96>24@112", "g96ic96ih112oc96kh3sh2ph1", 24),
        separable("3x3 512>512@14", "g512ic512ih14oc512kh3ph1", 512),
        separable("5x5 240>40@28", "g240ic240ih28oc240kh5ph2", 40));
  }

  private static Workload separable(String name, String text, int outChannels) {
    ConvShape depthwise = ConvShape.parse(text);
    int[] dims = depthwise.outputDims();
    ConvShape pointwise = ConvShape.conv2d(dims[0], dims[1], dims[2], dims[3], outChannels, 1, 1);
    return new Workload(name, n -> Problem.chain(List.of(depthwise, pointwise), n));
  }

  /** Steps of small trainings. */
  static List<Workload> training() {
    return List.of(
        training("lenet5", 64, 32),
        training("resnet18", 16, 64),
        training("mobilenet_v2", 16, 64),
        training("resnet20", 64, 32));
  }

  private static Workload training(String model, int batch, int size) {
    String name = "%s b%d@%d".formatted(model, batch, size);
    return new Workload(name, n -> new TrainingStep(model, batch, size, n));
  }

  /** Networks in use, one image at a time. */
  static List<Workload> models() {
    return Stream.of(
            "resnet18",
            "resnet50",
            "vgg16",
            "mobilenet_v2",
            "efficientnet_b0",
            "densenet121",
            "googlenet",
            "inception_v3")
        .map(model -> new Workload(model, n -> new Inference(model, 1, n)))
        .toList();
  }

  Job job(int threads) {
    return jobs.apply(threads);
  }
}
