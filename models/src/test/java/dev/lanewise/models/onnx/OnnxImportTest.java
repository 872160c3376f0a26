package dev.lanewise.models.onnx;

import static dev.lanewise.models.onnx.ProtoModel.whole;
import static dev.lanewise.models.onnx.ProtoModel.wholes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.models.Models;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxImportTest {

  private static final int FLOAT = 1;
  private static final int UINT8 = 2;

  @TempDir private Path folder;

  private static Context use() {
    return Context.inference(Workers.shared());
  }

  private static float[] random(int length) {
    float[] values = new float[length];
    Random random = new Random(5);
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }

  /** Sums windows of 2x2 of one channel, then makes one row of each image. */
  private static ProtoModel windows() {
    return new ProtoModel()
        .input("x", FLOAT, 0, 1, 0, 0)
        .floats("w", List.of(1L, 1L, 2L, 2L), 1, 1, 1, 1)
        .longs("first", 0)
        .longs("rest", -1)
        .node("Conv", "x w", "sums", wholes("strides", 2L, 2L))
        .node("Shape", "x", "dims")
        .node("Gather", "dims first", "batch", whole("axis", 0))
        .node("Concat", "batch rest", "shape", whole("axis", 0))
        .node("Reshape", "sums shape", "y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet20", "mobilenet_v3_small", "squeezenet1_1"})
  void exportedNetworksComeBack(String name) throws IOException {
    Network network = Models.create(name);
    network.initialize(3);
    int[] shape = {2, 3, 32, 32};
    Path file = folder.resolve(name + ".onnx");
    OnnxExport.write(network, file, shape);
    OnnxModel model = OnnxImport.read(file);
    Tensor input = Tensor.of(random(2 * 3 * 32 * 32), shape);
    float[] expected = network.graph(shape).forward(List.of(input), use()).getFirst().values();
    Graph graph = model.graph(shape);
    assertTrue(
        graph.nodes().stream().noneMatch(node -> node.operator() instanceof Operator.Other),
        "an exported operator came back as an opaque one");
    assertArrayEquals(
        expected, graph.forward(List.of(input), use()).getFirst().values(), bound(expected));
    try (Session session = Session.compile(model::graph, SessionOptions.defaults(), shape)) {
      assertArrayEquals(expected, session.run(input.data()), bound(expected));
    }
  }

  private static float bound(float... values) {
    float greatest = 0;
    for (float value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return 1e-4f * greatest;
  }

  @Test
  void eachInputShapeHasItsGraphWithShapesComputedAtImport() throws IOException {
    OnnxModel model = OnnxImport.read(windows().write(folder));
    assertEquals("x float[n, 1, n, n]", model.inputs().getFirst().toString());
    Graph graph = model.graph(1, 1, 2, 4);
    assertEquals(2, graph.nodes().size());
    Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 1, 2, 4);
    Tensor result = graph.forward(List.of(image), use()).getFirst();
    assertArrayEquals(new int[] {1, 2}, result.shape());
    assertArrayEquals(new float[] {14, 22}, result.values());
    try (Session one = Session.compile(model::graph, SessionOptions.defaults(), 1, 1, 2, 4)) {
      assertArrayEquals(new float[] {14, 22}, one.run(image.values()));
      long packed = one.filterBytes();
      Session two = one.forInput(2, 1, 2, 2);
      assertArrayEquals(new float[] {10, 26}, two.run(image.values()));
      assertEquals(packed, two.filterBytes(), "the filter was packed anew");
    }
  }

  @Test
  void inputsThatTheModelDoesNotAllowAreRefused() throws IOException {
    OnnxModel model = OnnxImport.read(windows().write(folder));
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.graph(1, 3, 8, 8)).getMessage();
    assertEquals("input x is of shape [n, 1, n, n], not [1, 3, 8, 8]", message);
    OnnxTensor bytes = OnnxTensor.zeros(ElementType.UINT8, 1, 1, 4, 4);
    message =
        assertThrows(IllegalArgumentException.class, () -> model.run(List.of(bytes), use()))
            .getMessage();
    assertEquals("input x is of float, not uint8", message);
    // The window is larger than the image.
    message =
        assertThrows(IllegalArgumentException.class, () -> model.graph(1, 1, 1, 1)).getMessage();
    assertTrue(message.startsWith("Conv: "), message);
  }

  @Test
  void wholeNumbersAndTruthsAreComputedNodeByNode() throws IOException {
    OnnxModel model =
        OnnxImport.read(
            new ProtoModel()
                .input("x", UINT8, 0, 1, 2, 2)
                .floats("w", List.of(1L, 1L, 2L, 2L), 1, 1, 1, 1)
                .floats("limit", List.of(), 500)
                .node("Cast", "x", "image", whole("to", FLOAT))
                .node("Conv", "image w", "sums")
                .node("Less", "sums limit", "dark")
                .node("Cast", "dark", "y", whole("to", 7))
                .write(folder));
    long[] pixels = {250, 251, 0, 1, 255, 255, 255, 255};
    OnnxTensor images = OnnxTensor.ofWholes(ElementType.UINT8, pixels, 2, 1, 2, 2);
    OnnxTensor result = model.run(List.of(images), use()).getFirst();
    assertEquals(ElementType.INT64, result.type());
    assertArrayEquals(new long[] {0, 0}, result.wholes().clone(), "502 and 1020 are not below");
    float[] floats = {250, 251, 0, 1, 255, 255, 255, 255};
    // As a graph too: all numbers on the way are exact as floats.
    Tensor given = Tensor.of(floats, 2, 1, 2, 2);
    Tensor open = model.graph(2, 1, 2, 2).forward(List.of(given), use()).getFirst();
    assertArrayEquals(new float[2], open.values());
    pixels[1] = 200;
    images = OnnxTensor.ofWholes(ElementType.UINT8, pixels, 2, 1, 2, 2);
    assertArrayEquals(new long[] {1, 0}, model.run(List.of(images), use()).getFirst().wholes());
  }

  @Test
  void gatesBecomeActivationsAndSumsByChannelFold() throws IOException {
    OnnxModel model =
        OnnxImport.read(
            new ProtoModel()
                .input("x", FLOAT, 0, 2, 3, 3)
                .floats("w", List.of(2L, 2L, 1L, 1L), 1, 2, 3, 4)
                .floats("shift", List.of(2L, 1L, 1L), 0.5f, -0.5f)
                .node("Conv", "x w", "sums")
                .node("Add", "shift sums", "shifted")
                .node("Sigmoid", "shifted", "gate")
                .node("Mul", "shifted gate", "y")
                .write(folder));
    Graph graph = model.graph(1, 2, 3, 3);
    assertEquals(
        List.of("Convolution", "BatchNorm", "Activate"),
        graph.nodes().stream().map(node -> node.operator().getClass().getSimpleName()).toList());
    float[] input = random(18);
    float[] expected = new float[18];
    for (int p = 0; p < 9; p++) {
      double first = input[p] + 2 * input[9 + p] + 0.5;
      double second = 3 * input[p] + 4 * input[9 + p] - 0.5;
      expected[p] = (float) (first / (1 + Math.exp(-first)));
      expected[9 + p] = (float) (second / (1 + Math.exp(-second)));
    }
    try (Session session = Session.compile(model::graph, SessionOptions.defaults(), 1, 2, 3, 3)) {
      assertArrayEquals(expected, session.run(input), 1e-5f);
    }
  }

  @Test
  void allThatIsLackingIsNamedAtOnce() throws IOException {
    Path file =
        new ProtoModel()
            .input("x", FLOAT, 1)
            .node("Frobnicate", "x", "a")
            .node("Loop", "a", "b")
            .node("Relu", "b", "y")
            .write(folder);
    UnsupportedModelException refused =
        assertThrows(UnsupportedModelException.class, () -> OnnxImport.read(file));
    assertEquals(List.of("Frobnicate", "Loop"), refused.lacking());
    assertTrue(refused.getMessage().contains("model.onnx"), refused.getMessage());
    assertTrue(refused.getMessage().contains("Frobnicate, Loop"), refused.getMessage());
  }

  @Test
  void sharedFiltersWithBiasesOfTheirOwnStayApart() throws IOException {
    OnnxModel model =
        OnnxImport.read(
            new ProtoModel()
                .input("x", FLOAT, 1, 1, 1, 1)
                .floats("w", List.of(1L, 1L, 1L, 1L), 1)
                .floats("one", List.of(1L), 1)
                .floats("ten", List.of(1L), 10)
                .node("Conv", "x w one", "a")
                .node("Conv", "a w ten", "y")
                .write(folder));
    try (Session session = Session.compile(model::graph, SessionOptions.defaults(), 1, 1, 1, 1)) {
      assertArrayEquals(new float[] {16}, session.run(new float[] {5}));
    }
  }

  @Test
  void sizesThatFollowFromValuesAreRefusedInAGraph() throws IOException {
    OnnxModel model =
        OnnxImport.read(
            new ProtoModel()
                .input("x", FLOAT, 4)
                .longs("one", 1)
                .longs("all", 4)
                .node("Cast", "x", "counts", whole("to", 7))
                .node("Slice", "counts one all", "last")
                .node("ConstantOfShape", "last", "y")
                .write(folder));
    float[] values = {0, 1, 2, 3};
    OnnxTensor input = OnnxTensor.ofFloats(values, 4);
    assertArrayEquals(new int[] {1, 2, 3}, model.run(List.of(input), use()).getFirst().dims());
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> model.graph(4));
    assertTrue(refused.getMessage().contains("y does not depend"), refused.getMessage());
  }

  @Test
  void sessionsHoldValuesOfAnyRank() throws IOException {
    OnnxModel model =
        OnnxImport.read(
            new ProtoModel()
                .input("x", FLOAT, 3, 20)
                .floats("w", List.of(20L), random(20))
                .floats("variance", List.of(20L), positive(20))
                .floats("half", List.of(), 0.5f)
                .longs("all", -1)
                .longs("back", 3, 40)
                .node("BatchNormalization", "x w w w variance", "norm")
                .node("Concat", "norm x", "pairs", whole("axis", 1))
                .node("Reshape", "pairs all", "vector")
                .node("Mul", "vector vector", "squares")
                .node("ReduceMax", "squares", "greatest", whole("keepdims", 0))
                .node("Mul", "greatest half", "part")
                .node("Add", "vector part", "sum")
                .node("Reshape", "sum back", "rows")
                .node("Softmax", "rows", "y", whole("axis", 1))
                .write(folder));
    float[] input = random(60);
    OnnxTensor given = OnnxTensor.ofFloats(input, 3, 20);
    float[] expected = model.run(List.of(given), use()).getFirst().floats();
    try (Session session = Session.compile(model::graph, SessionOptions.defaults(), 3, 20)) {
      assertArrayEquals(expected, session.run(input), 1e-6f);
    }
  }

  @Test
  void wholeNumbersThatAreNoFloatsAreRefusedInAGraph() throws IOException {
    OnnxModel model =
        OnnxImport.read(
            new ProtoModel()
                .input("x", FLOAT, 1)
                .longs("large", 1 << 24)
                .node("Cast", "x", "count", whole("to", 7))
                .node("Add", "count large", "y")
                .write(folder));
    OnnxTensor one = OnnxTensor.ofFloats(new float[] {1}, 1);
    assertEquals(16777217, model.run(List.of(one), use()).getFirst().whole(0));
    Tensor given = Tensor.of(new float[] {1}, 1);
    Graph graph = model.graph(1);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> graph.forward(List.of(given), use()));
    assertTrue(refused.getMessage().contains("16777217"), refused.getMessage());
  }

  private static float[] positive(int length) {
    float[] values = random(length);
    for (int i = 0; i < length; i++) {
      values[i] = 1 + values[i] * values[i];
    }
    return values;
  }
}
