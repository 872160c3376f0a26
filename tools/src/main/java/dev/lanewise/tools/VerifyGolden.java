package dev.lanewise.tools;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.verify.GoldenVerification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanewise verify golden}: whole networks against results computed elsewhere. */
@Command(
    name = "golden",
    description = {
      "Check networks against golden files: outputs, gradients, losses and training steps, computed"
          + " elsewhere in double precision. Files of models that do not exist here are skipped.",
      "With --peer, every model of the registry against another library too; runs from the room"
          + " bench."
    },
    footer = {
      "%nExamples:",
      "  lanewise verify golden fixtures/models --only 'lenet5*'",
      "  lanewise verify golden fixtures/models --peer onnxruntime"
    })
final class VerifyGolden implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "Folder with the golden files.")
  private Path folder;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only files whose name matches (default: all).")
  private String only = "*";

  @Option(
      names = "--peer",
      paramLabel = "NAME",
      description = "Another library that runs the exported models: onnxruntime.")
  private String peer;

  @Override
  public Integer call() throws IOException {
    Check.that(
        peer == null,
        "--peer runs from the room bench; start it as `tools/lanewise verify golden %s --peer %s`",
        folder,
        peer);
    return GoldenVerification.run(new GoldenVerification.Options(folder, only), System.out)
        .exitStatusOfSome();
  }
}
