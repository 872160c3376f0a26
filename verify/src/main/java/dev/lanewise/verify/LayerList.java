package dev.lanewise.verify;

import dev.lanewise.kernels.shape.ConvShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The named convolution shapes of {@code shapes.txt}, shared by verification and benchmarks so that
 * what is timed is what is checked.
 */
public final class LayerList {

  private static final String RESOURCE = "shapes.txt";

  /**
   * One line of the list.
   *
   * @param name how reports call it, such as {@code 3x3 64@56}
   * @param shape the problem
   */
  public record Row(String name, ConvShape shape) {
    /** Checks that nothing is missing. */
    public Row {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(shape, "shape");
    }
  }

  private LayerList() {}

  /** The layers that speed reports list, in their order. */
  public static List<Row> rows() {
    return section("layers");
  }

  /** Small shapes that are easy to get wrong: correctness only. */
  public static List<Row> awkward() {
    return section("awkward");
  }

  private static List<Row> section(String name) {
    return text()
        .lines()
        .map(String::strip)
        .dropWhile(line -> !line.equals("[" + name + "]"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("["))
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(LayerList::row)
        .toList();
  }

  private static Row row(String line) {
    int bar = line.indexOf('|');
    if (bar < 0) {
      throw new IllegalArgumentException(RESOURCE + ": a line is 'name | shape', not " + line);
    }
    return new Row(
        line.substring(0, bar).strip(), ConvShape.parse(line.substring(bar + 1).strip()));
  }

  private static String text() {
    try (InputStream in = LayerList.class.getResourceAsStream(RESOURCE)) {
      return new String(
          Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
