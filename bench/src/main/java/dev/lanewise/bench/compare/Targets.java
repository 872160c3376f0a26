package dev.lanewise.bench.compare;

import dev.lanewise.kernels.shape.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The ratios that one list of rows is meant to reach.
 *
 * @param peers the libraries against which they are set
 * @param rows by the row's name
 * @param mean for the geometric mean over the whole list; null if there is none
 */
record Targets(List<String> peers, Map<String, Double> rows, Double mean) {

  private static final String RESOURCE = "targets.txt";

  /**
   * The targets of a section of {@code targets.txt}.
   *
   * @throws IllegalArgumentException if there is no such section, or a line of it is no target
   */
  static Targets of(String section) {
    try (InputStream in = Targets.class.getResourceAsStream(RESOURCE)) {
      Objects.requireNonNull(in, RESOURCE);
      return parse(section, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Targets parse(String section, String text) {
    List<String> lines =
        text.lines()
            .map(String::strip)
            .dropWhile(line -> !line.equals("[" + section + "]"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("["))
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    Check.that(!lines.isEmpty(), "%s has no section [%s]", RESOURCE, section);
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : lines) {
      String[] parts = line.split("\\|", -1);
      Check.that(parts.length == 2, "%s: a line is 'name | ratio', not %s", RESOURCE, line);
      Check.that(
          values.put(parts[0].strip(), parts[1].strip()) == null,
          "%s: '%s' stands twice in [%s]",
          RESOURCE,
          parts[0].strip(),
          section);
    }
    List<String> peers = List.of(values.remove("peers").split(", *"));
    String mean = values.remove("mean");
    Map<String, Double> rows = new LinkedHashMap<>();
    values.forEach((name, ratio) -> rows.put(name, Double.valueOf(ratio)));
    return new Targets(peers, rows, mean == null ? null : Double.valueOf(mean));
  }

  /** These targets if all libraries that they are set against run, else none. */
  Targets against(Collection<String> running) {
    return running.containsAll(peers) ? this : new Targets(peers, Map.of(), null);
  }
}
