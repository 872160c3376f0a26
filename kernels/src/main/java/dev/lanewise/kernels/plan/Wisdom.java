package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.Lanes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Algorithms that races have picked, so that later plans repeat them without measuring: the same
 * speed, and the same bits, in every run of a program.
 *
 * <p>A pick holds for one shape, accuracy, number of workers and width of lanes. As a text file it
 * is one line a pick, sorted:
 *
 * <pre>
 * # lanewise wisdom 1
 * lanes=16 workers=2 accuracy=default ic64ih56oc64kh3ph1 winograd-f4
 * </pre>
 *
 * Plans of several threads may share a wisdom.
 */
public final class Wisdom {

  private static final String TITLE = "# lanewise wisdom 1";

  private static final Pattern PICK =
      Pattern.compile(
          "(?<machine>lanes=\\d+ workers=\\d+ accuracy=\\w+) (?<shape>\\S+) (?<algorithm>\\S+)");

  /** Far more than any program has shapes; a larger file is something else. */
  private static final long MOST_BYTES = 16 << 20;

  private final Map<String, Algorithm> picks = new ConcurrentSkipListMap<>();

  /** No picks yet. */
  public Wisdom() {}

  /**
   * Reads a file that {@link #save} wrote, or a person.
   *
   * @throws IOException if it cannot be read, or a line is not a pick; the message names the file,
   *     the line and the rule
   */
  public static Wisdom load(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw new IOException(
          "%s has %d bytes; wisdom has at most %d".formatted(file, size, MOST_BYTES));
    }
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().strip().equals(TITLE)) {
      throw new IOException("%s is not wisdom: its first line is not '%s'".formatted(file, TITLE));
    }
    Wisdom wisdom = new Wisdom();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          wisdom.add(line);
        } catch (IllegalArgumentException wrong) {
          throw new IOException(
              "%s, line %d: %s".formatted(file, i + 1, wrong.getMessage()), wrong);
        }
      }
    }
    return wisdom;
  }

  /**
   * Writes all picks, replacing the file.
   *
   * @throws IOException if the folder is missing or writing fails; an old file stands then
   */
  public void save(Path file) throws IOException {
    AtomicFile.write(file, out -> out.write(toString().getBytes(StandardCharsets.UTF_8)));
  }

  private void add(String line) {
    Matcher pick = PICK.matcher(line);
    if (!pick.matches()) {
      throw new IllegalArgumentException(
          "a pick is 'lanes=N workers=N accuracy=NAME SHAPE ALGORITHM', not '" + line + "'");
    }
    ConvShape shape = ConvShape.parse(pick.group("shape"));
    picks.put(pick.group("machine") + " " + shape, Algorithm.of(pick.group("algorithm")));
  }

  /** What is remembered for a shape under some options on this machine's lanes. */
  Optional<Algorithm> pick(ConvShape shape, ConvOptions options) {
    return Optional.ofNullable(picks.get(key(shape, options)));
  }

  void remember(ConvShape shape, ConvOptions options, Algorithm algorithm) {
    picks.put(key(shape, options), algorithm);
  }

  private static String key(ConvShape shape, ConvOptions options) {
    return "lanes=%d workers=%d accuracy=%s %s"
        .formatted(
            Lanes.LANES,
            options.workers().size(),
            options.accuracy().name().toLowerCase(Locale.ROOT),
            shape);
  }

  /** Number of picks. */
  public int size() {
    return picks.size();
  }

  /** The text of the file. */
  @Override
  public String toString() {
    return picks.entrySet().stream()
        .map(pick -> pick.getKey() + " " + pick.getValue().label())
        .collect(Collectors.joining("\n", TITLE + "\n", "\n"));
  }
}
