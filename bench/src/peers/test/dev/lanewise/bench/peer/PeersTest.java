package dev.lanewise.bench.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All libraries in one process: each is there, computes what Lanewise does, or says why not. */
class PeersTest {

  private static final String DENSE = "mb2ic5ih9iw11oc7kh3sh2ph1";
  private static final String DILATED = "ic8ih10oc8kh3ph2dh1";
  private static final String DEPTHWISE = "g16ic16ih8oc16kh3ph1";
  private static final String GROUPED = "g2ic16ih8oc32kh3ph1";

  private static final List<String> SHAPES = List.of(DENSE, DILATED, DEPTHWISE, GROUPED);

  /** Rounding of sums of at most a few hundred products of values below 1. */
  private static final float TOLERANCE = 1e-4f;

  static Stream<Arguments> cases() {
    return Peers.NAMES.stream()
        .flatMap(
            name ->
                Stream.of(Direction.values())
                    .flatMap(
                        direction ->
                            SHAPES.stream().map(shape -> Arguments.of(name, direction, shape))));
  }

  private static boolean able(String name, Direction direction, String shape) {
    boolean forward = direction == Direction.FORWARD;
    boolean plain = shape.equals(DENSE) || shape.equals(DEPTHWISE);
    return switch (name) {
      case "onnxruntime", "netlib" -> forward;
      case "nd4j" -> forward && plain;
      case "tensorflow" -> forward || plain;
      default -> true;
    };
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("cases")
  void agreesOrSaysWhyNot(String name, Direction direction, String shape) {
    Peer peer = Peers.named(name).orElseThrow();
    peer.load();
    Problem problem = Problem.of(ConvShape.parse(shape), direction, 2);
    if (able(name, direction, shape)) {
      assertArrayEquals(
          result(new LanewisePeer(Optional.empty()), problem), result(peer, problem), TOLERANCE);
    } else {
      assertThrows(IllegalArgumentException.class, () -> peer.prepare(problem));
    }
  }

  static Stream<String> names() {
    return Peers.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void runsConvolutionsBackToBack(String name) {
    ConvShape depthwise = ConvShape.parse(DEPTHWISE);
    ConvShape pointwise = ConvShape.conv2d(1, 16, 8, 8, 24, 1, 1);
    Problem problem = Problem.chain(List.of(depthwise, pointwise), 1);
    float[] expected = result(new LanewisePeer(Optional.empty()), problem);
    assertArrayEquals(expected, result(Peers.named(name).orElseThrow(), problem), TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("names")
  void runsAgainWithTheSameResult(String name) {
    Problem problem = Problem.of(ConvShape.parse(DENSE), Direction.FORWARD, 1);
    try (Prepared prepared = Peers.named(name).orElseThrow().prepare(problem)) {
      prepared.run();
      float[] first = prepared.result();
      prepared.run();
      assertArrayEquals(first, prepared.result());
      assertEquals(problem.resultDims()[0] * 7 * 5 * 6, first.length);
    }
  }

  private static float[] result(Peer peer, Problem problem) {
    try (Prepared prepared = peer.prepare(problem)) {
      prepared.run();
      return prepared.result();
    }
  }
}
