package dev.lanewise.bench.compare;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.LayerList;
import java.util.List;

/**
 * A row to be compared.
 *
 * @param name its name in the list
 * @param direction what is computed
 * @param shapes one convolution, or several that run forward, back to back
 */
record Workload(String name, Direction direction, List<ConvShape> shapes) {

  /** The layer list in one direction. */
  static List<Workload> layers(Direction direction) {
    return LayerList.rows().stream()
        .map(row -> new Workload(row.name(), direction, List.of(row.shape())))
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
    return new Workload(name, Direction.FORWARD, List.of(depthwise, pointwise));
  }

  Problem problem(int threads) {
    return shapes.size() == 1
        ? Problem.of(shapes.getFirst(), direction, threads)
        : Problem.chain(shapes, threads);
  }
}
