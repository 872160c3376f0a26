/** Writes the micro-kernels of the batch-reduce family as Java sources. */
public final class BatchReduceGenerator {

  /** Takes one argument: the folder that receives the sources. */
  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("one argument expected: the output folder");
    }
  }
}
