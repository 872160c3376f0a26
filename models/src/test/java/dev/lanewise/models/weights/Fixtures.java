package dev.lanewise.models.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that checkpoints.py wrote. */
final class Fixtures {

  private Fixtures() {}

  static Path path(String name) {
    try {
      return Path.of(Fixtures.class.getResource(name).toURI());
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** A tensor as PyTorch describes it. */
  record Described(String file, String name, List<Integer> shape, List<Float> values) {}

  /** What PyTorch says of all tensors in the files, in their order. */
  static List<Described> described() {
    try (Stream<String> lines = Files.lines(path("expected.txt"))) {
      return lines.map(line -> described(line.split("\t", -1))).toList();
    } catch (IOException absent) {
      throw new UncheckedIOException(absent);
    }
  }

  private static Described described(String... parts) {
    return new Described(
        parts[0],
        parts[1],
        words(parts[2]).map(Integer::valueOf).toList(),
        words(parts[3]).map(value -> (float) Double.parseDouble(value)).toList());
  }

  private static Stream<String> words(String text) {
    return Stream.of(text.split(" ")).filter(word -> !word.isEmpty());
  }
}
