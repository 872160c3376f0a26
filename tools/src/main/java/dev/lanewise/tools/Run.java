package dev.lanewise.tools;

import dev.lanewise.models.onnx.OnnxImport;
import dev.lanewise.models.onnx.OnnxInput;
import dev.lanewise.models.onnx.OnnxModel;
import dev.lanewise.models.onnx.OnnxTensorFile;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Tolerance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanewise run}: the outputs of an ONNX model. */
@Command(
    name = "run",
    description = {
      "Compute the outputs of an ONNX model. Tensors are files of one TensorProto each, as"
          + " input_0.pb and output_0.pb of ONNX's test data. A model of one input and one output"
          + " is compiled into a session; others are computed node by node."
    },
    footer = {
      "%nExamples:",
      "  lanewise run model.onnx --input input_0.pb --expect output_0.pb",
      "  lanewise run model.onnx --input image=photo.pb --input size=size.pb --output boxes.pb"
    })
final class Run implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL.onnx", description = "An ONNX model.")
  private Path file;

  @Option(
      names = "--input",
      paramLabel = "[NAME=]FILE",
      description = "An input, by its name or in the model's order; once for each.")
  private List<String> inputs = List.of();

  @Option(
      names = "--expect",
      paramLabel = "FILE",
      description = "What an output should be, in the model's order; status 1 if it is not.")
  private List<Path> expected = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write an output, in the model's order.")
  private List<Path> outputs = List.of();

  @Option(
      names = "--rtol",
      paramLabel = "R",
      description = "How much of an expected element may be wrong (default: ${DEFAULT-VALUE}).")
  private double relative = 1e-3;

  @Option(
      names = "--atol",
      paramLabel = "A",
      description = "How much of any element may be wrong besides (default: ${DEFAULT-VALUE}).")
  private double absolute = 1e-5;

  @Mixin private ThreadsOption threads;

  @Override
  public Integer call() throws IOException {
    OnnxModel model = OnnxImport.read(file);
    List<String> names = model.outputs();
    requireNoMore("--expect", expected, names);
    requireNoMore("--output", outputs, names);
    Tolerance tolerance = tolerance();
    List<OnnxTensor> wanted = new ArrayList<>();
    for (Path path : expected) {
      wanted.add(OnnxTensorFile.read(path));
    }
    ModelRun run = new ModelRun(model, threads, tensors(model));
    List<OnnxTensor> results = run.results();
    PrintWriter out = spec.commandLine().getOut();
    run.remarks().forEach(out::println);
    int status = 0;
    for (int i = 0; i < results.size(); i++) {
      TensorText.lines(names.get(i), results.get(i)).forEach(out::println);
      if (i < outputs.size()) {
        OnnxTensorFile.write(results.get(i), names.get(i), outputs.get(i));
        out.println("  written to " + outputs.get(i));
      }
      if (i < wanted.size()) {
        Optional<String> fault = tolerance.fault(wanted.get(i), results.get(i));
        out.println("  " + fault.map(what -> "NOT as expected: " + what).orElse("as expected"));
        status = fault.isPresent() ? 1 : status;
      }
    }
    return status;
  }

  private Tolerance tolerance() {
    if (!(relative >= 0 && absolute >= 0)) {
      throw new ParameterException(
          spec.commandLine(),
          "--rtol and --atol must not be negative, are %s and %s".formatted(relative, absolute));
    }
    return new Tolerance(relative, absolute);
  }

  private void requireNoMore(String option, List<Path> files, List<String> names) {
    if (files.size() > names.size()) {
      throw new ParameterException(
          spec.commandLine(),
          "%d files of %s, but the model has %d outputs: %s"
              .formatted(files.size(), option, names.size(), String.join(", ", names)));
    }
  }

  /** The inputs in the model's order. */
  private List<OnnxTensor> tensors(OnnxModel model) throws IOException {
    OnnxTensor[] tensors = new OnnxTensor[model.inputs().size()];
    int next = 0;
    for (String input : inputs) {
      int named = named(model, input);
      int index = named < 0 ? next++ : named;
      if (index >= tensors.length || tensors[index] != null) {
        throw mistake(model, "--input %s is one too many".formatted(input));
      }
      String path = named < 0 ? input : input.substring(input.indexOf('=') + 1);
      tensors[index] = OnnxTensorFile.read(Path.of(path));
    }
    for (int i = 0; i < tensors.length; i++) {
      if (tensors[i] == null) {
        throw mistake(model, "--input %s=FILE is missing".formatted(model.inputs().get(i).name()));
      }
    }
    return List.of(tensors);
  }

  /** The input whose name stands before the file, or -1. */
  private static int named(OnnxModel model, String input) {
    int equals = input.indexOf('=');
    List<String> names = model.inputs().stream().map(OnnxInput::name).toList();
    return equals < 0 ? -1 : names.indexOf(input.substring(0, equals));
  }

  private ParameterException mistake(OnnxModel model, String what) {
    String all = model.inputs().stream().map(OnnxInput::toString).collect(Collectors.joining(", "));
    return new ParameterException(
        spec.commandLine(), "%s; the model's inputs are: %s".formatted(what, all));
  }
}
