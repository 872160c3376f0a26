import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes all micro-kernels that are variants of a template.
 *
 * <p>Usage: {@code java GenerateKernels.java OUTPUT_FOLDER}
 */
final class GenerateKernels {

  private static final List<KernelGenerator> GENERATORS =
      List.of(
          new BatchReduceGenerator(),
          new FilterReduceGenerator(),
          new CurveGenerator(),
          new DepthwiseGenerator(),
          new FftGenerator(),
          new DepthwisePairsGenerator(),
          new DepthwisePatchesGenerator(),
          new DepthwiseRowPairsGenerator(),
          new TapSumsGenerator(),
          new TileSumsGenerator(),
          new GroupReduceGenerator(),
          new InterleaveGenerator(),
          new PlanesGenerator(),
          new RowSumsGenerator(),
          new WindowGenerator(),
          new WinogradGenerator());

  private GenerateKernels() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0], "dev/lanewise/kernels");
    for (KernelGenerator generator : GENERATORS) {
      for (KernelGenerator.JavaFile file : generator.files()) {
        write(folder.resolve(file.name() + ".java"), file.text());
      }
    }
  }

  /** Leaves a file of the same text alone, so that it is not compiled again. */
  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }
}
