package dev.lanewise.tools;

import dev.lanewise.verify.OnnxVerification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanewise verify onnx}: single operators against ONNX's node tests. */
@Command(
    name = "onnx",
    description = {
      "Run a folder of ONNX node tests: each a folder with model.onnx and test_data_set_N with"
          + " input_N.pb and output_N.pb. Tests of operators that do not exist here are skipped,"
          + " and the operators named."
    },
    footer = {"%nExample:", "  lanewise verify onnx onnx/node --only 'test_conv*'"})
final class VerifyOnnx implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "Folder with the tests.")
  private Path folder;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only tests whose name matches (default: all).")
  private String only = "*";

  @Override
  public Integer call() throws IOException {
    return OnnxVerification.run(new OnnxVerification.Options(folder, only), System.out)
        .exitStatusOfSome();
  }
}
