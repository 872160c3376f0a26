package dev.lanewise.verify.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.TensorReader;
import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A node test: a folder with {@code model.onnx} and one or more {@code test_data_set_N}, each with
 * {@code input_N.pb} and {@code output_N.pb}.
 */
public final class NodeTest {

  /** The file of the model. */
  public static final String MODEL = "model.onnx";

  private static final String SET = "test_data_set_";
  private static final String SEVERAL = "graphs of several operators";

  private final Path folder;
  private final Graph graph;

  private NodeTest(Path folder, Graph graph) {
    this.folder = folder;
    this.graph = graph;
  }

  /**
   * The folders in a folder that hold node tests, by name; the folder itself if it is one.
   *
   * @throws IllegalArgumentException if it is not a folder
   * @throws IOException if it cannot be listed
   */
  public static List<Path> folders(Path folder) throws IOException {
    Check.that(Files.isDirectory(folder), "%s is not a folder", folder);
    if (Files.exists(folder.resolve(MODEL))) {
      return List.of(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(NodeTest::isTest).sorted().toList();
    }
  }

  /** A test that lost its model is one still. */
  private static boolean isTest(Path entry) {
    return Files.isDirectory(entry)
        && (entry.getFileName().toString().startsWith("test_")
            || Files.exists(entry.resolve(MODEL)));
  }

  /**
   * Reads the model of a test.
   *
   * @throws IOException if it is missing or damaged
   */
  public static NodeTest read(Path folder) throws IOException {
    Path file = folder.resolve(MODEL);
    ModelProto model = ProtoFile.read(file, "an ONNX model", ModelProto.parser());
    try {
      return new NodeTest(folder, new Graph(model));
    } catch (IllegalArgumentException broken) {
      throw new IOException(file + ": " + broken.getMessage(), broken);
    }
  }

  /** The operator under test. */
  public String operator() {
    Set<String> operators = graph.operators();
    return operators.size() == 1 ? operators.iterator().next() : SEVERAL;
  }

  /** What the graph needs and does not exist here: operators by name, kinds of inputs. */
  public Set<String> lacking() {
    return graph.lacking();
  }

  /**
   * Runs all data sets.
   *
   * @return the first fault, if there is one
   * @throws IOException if a file is missing or damaged
   * @throws Unsupported if a node asks for what does not exist here
   */
  public Optional<String> fault() throws IOException {
    List<Path> sets = sets();
    if (sets.isEmpty()) {
      throw new IOException(folder + " has no " + SET + "0");
    }
    for (Path set : sets) {
      Optional<String> fault = fault(set);
      if (fault.isPresent()) {
        return fault.map(what -> set.getFileName() + ": " + what);
      }
    }
    return Optional.empty();
  }

  private List<Path> sets() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(SET))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  private Optional<String> fault(Path set) throws IOException {
    List<OnnxTensor> inputs = tensors(set, "input");
    List<OnnxTensor> expected = tensors(set, "output");
    if (expected.size() != graph.outputs() || expected.isEmpty()) {
      throw new IOException(
          "%s has %d files output_N.pb, the graph has %d outputs"
              .formatted(set, expected.size(), graph.outputs()));
    }
    List<OnnxTensor> actual = graph.run(inputs);
    for (int i = 0; i < expected.size(); i++) {
      Optional<String> fault = Comparison.fault(expected.get(i), actual.get(i));
      if (fault.isPresent()) {
        String output = "output " + i + ", ";
        return fault.map(what -> output + what);
      }
    }
    return Optional.empty();
  }

  private static List<OnnxTensor> tensors(Path set, String kind) throws IOException {
    List<OnnxTensor> tensors = new ArrayList<>();
    Path file = set.resolve(kind + "_0.pb");
    while (Files.exists(file)) {
      TensorProto proto = ProtoFile.read(file, "an ONNX tensor", TensorProto.parser());
      try {
        tensors.add(TensorReader.read(proto));
      } catch (IllegalArgumentException broken) {
        throw new IOException(file + ": " + broken.getMessage(), broken);
      }
      file = set.resolve("%s_%d.pb".formatted(kind, tensors.size()));
    }
    return tensors;
  }
}
