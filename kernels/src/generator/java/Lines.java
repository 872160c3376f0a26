import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text that templates repeat. */
final class Lines {

  private Lines() {}

  /** The texts for 0 to {@code count - 1}, one after the other. */
  static String each(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining());
  }
}
