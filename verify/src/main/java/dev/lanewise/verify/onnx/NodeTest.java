package dev.lanewise.verify.onnx;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.OnnxImport;
import dev.lanewise.models.onnx.OnnxModel;
import dev.lanewise.models.onnx.OnnxTensorFile;
import dev.lanewise.models.onnx.UnsupportedModelException;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Tensors;
import dev.lanewise.models.onnx.tensor.Tolerance;
import dev.lanewise.models.onnx.tensor.Unsupported;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
  private final OnnxModel model;

  private NodeTest(Path folder, OnnxModel model) {
    this.folder = folder;
    this.model = model;
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
   * @throws UnsupportedModelException if it needs what does not exist here
   * @throws IOException if it is missing or damaged
   */
  public static NodeTest read(Path folder) throws IOException {
    return new NodeTest(folder, OnnxImport.read(folder.resolve(MODEL)));
  }

  /** The operator under test. */
  public String operator() {
    return operator(model.operators());
  }

  /** The operator under test, of all that a model has. */
  public static String operator(Collection<String> operators) {
    return operators.size() == 1 ? operators.iterator().next() : SEVERAL;
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
    if (expected.size() != model.outputs().size() || expected.isEmpty()) {
      throw new IOException(
          "%s has %d files output_N.pb, the graph has %d outputs"
              .formatted(set, expected.size(), model.outputs().size()));
    }
    // A zero may be wrong by 1e-7, which the transforms of Winograd exceed.
    Context context = Context.inference(Workers.shared()).accuracy(Accuracy.STRICT);
    Optional<String> fault = fault(expected, model.run(inputs, context));
    return fault.isPresent() ? fault : faultOfGraph(inputs, expected, context);
  }

  /** Of the model as a graph of its first input, if it is one. */
  private Optional<String> faultOfGraph(
      List<OnnxTensor> inputs, List<OnnxTensor> expected, Context context) {
    if (inputs.isEmpty()
        || inputs.getFirst().type() != ElementType.FLOAT
        || inputs.getFirst().size() == 0) {
      return Optional.empty();
    }
    OnnxTensor first = inputs.getFirst();
    OnnxModel.Opened opened;
    try {
      opened = model.open(List.of(first.dims()), inputs.subList(1, inputs.size()));
    } catch (IllegalArgumentException notOpen) {
      return Optional.empty();
    }
    List<Tensor> given = List.of(Tensor.of(first.floats(), first.dims()));
    List<Tensor> results = opened.graph().forward(given, context);
    List<OnnxTensor> actual = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      actual.add(Tensors.back(opened.outputTypes().get(i), results.get(i)));
    }
    return fault(expected, actual).map(what -> "as a graph, " + what);
  }

  private static Optional<String> fault(List<OnnxTensor> expected, List<OnnxTensor> actual) {
    for (int i = 0; i < expected.size(); i++) {
      Optional<String> fault = Tolerance.OF_TESTS.fault(expected.get(i), actual.get(i));
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
      tensors.add(OnnxTensorFile.read(file));
      file = set.resolve("%s_%d.pb".formatted(kind, tensors.size()));
    }
    return tensors;
  }
}
