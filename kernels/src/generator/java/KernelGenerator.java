import java.util.List;

/** A template and the constants for which it is written out. */
interface KernelGenerator {

  /**
   * A generated source.
   *
   * @param name path below the package {@code dev.lanewise.kernels}, without ending, such as {@code
   *     simd/BatchReduce16}
   * @param text the whole file
   */
  record JavaFile(String name, String text) {}

  /** All files of this template. */
  List<JavaFile> files();
}
