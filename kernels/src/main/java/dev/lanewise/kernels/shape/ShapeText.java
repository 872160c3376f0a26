package dev.lanewise.kernels.shape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The one-line text of a convolution shape, as in oneDNN's benchdnn: {@code
 * g32mb16ic128ih56oc128oh56kh3ph1}.
 *
 * <p>{@code g} groups, {@code mb} batch, {@code ic} and {@code oc} channels; then, for each of the
 * axes d, h and w: {@code i} input, {@code o} output (checked, optional), {@code k} kernel, {@code
 * s} stride, {@code p} padding before, {@code r} padding after (benchdnn's {@code p?_r}; defaults
 * to {@code p}) and {@code d} dilation - 1. A smaller axis that is not given copies the next larger
 * one that is: {@code ih56} alone is a square, {@code id8} alone a cube, {@code iw56} alone is 1-D.
 * Padding other than zeros follows last: {@code ic3ih9oc2kh3ph1:reflect}.
 */
final class ShapeText {

  private static final Pattern TOKEN = Pattern.compile("([a-z]+)(\\d+)");
  private static final String AXES = "dhw";
  private static final char MODE = ':';
  private static final Set<String> KEYS =
      AXES.chars()
          .boxed()
          .flatMap(
              c -> List.of("i", "o", "k", "s", "p", "r", "d").stream().map(k -> k + (char) (int) c))
          .collect(Collectors.toCollection(() -> new TreeSet<>(Set.of("g", "mb", "ic", "oc"))));

  private ShapeText() {}

  static ConvShape parse(String text) {
    String line = Objects.requireNonNull(text, "text").strip();
    int colon = line.indexOf(MODE);
    PaddingMode mode = colon < 0 ? PaddingMode.ZERO : PaddingMode.of(line.substring(colon + 1));
    Map<String, Integer> values = tokens(colon < 0 ? line : line.substring(0, colon));
    int dimensions = dimensions(text, values);
    String letters = AXES.substring(AXES.length() - dimensions);
    List<Axis> axes =
        IntStream.range(0, dimensions).mapToObj(i -> axis(values, letters, i)).toList();
    ConvShape shape =
        new ConvShape(
            values.getOrDefault("mb", 1),
            required(text, values, "ic"),
            required(text, values, "oc"),
            values.getOrDefault("g", 1),
            axes,
            mode);
    for (int i = 0; i < dimensions; i++) {
      Integer output = values.get("o" + letters.charAt(i));
      int actual = shape.axes().get(i).output();
      Check.that(
          output == null || output == actual,
          "%s says o%s%d, but the output is %d",
          text,
          letters.charAt(i),
          output,
          actual);
    }
    return shape;
  }

  private static Map<String, Integer> tokens(String text) {
    Map<String, Integer> values = new LinkedHashMap<>();
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      String key = matcher.group(1);
      Check.that(KEYS.contains(key), "unknown key '%s' in shape %s; known: %s", key, text, KEYS);
      Check.that(matcher.group(2).length() <= 9, "%s in shape %s is too large", key, text);
      Check.that(
          values.put(key, Integer.valueOf(matcher.group(2))) == null,
          "key '%s' stands twice in shape %s",
          key,
          text);
      end = matcher.end();
    }
    Check.that(
        end == text.length() && end > 0,
        "shape '%s' is not a list of name and number such as ic64ih56oc64kh3ph1",
        text);
    return values;
  }

  private static int dimensions(String text, Map<String, Integer> values) {
    for (int i = 0; i < AXES.length(); i++) {
      if (values.containsKey("i" + AXES.charAt(i))) {
        return AXES.length() - i;
      }
    }
    throw new IllegalArgumentException("shape " + text + " gives no input size: id, ih or iw");
  }

  private static int required(String text, Map<String, Integer> values, String key) {
    Check.that(values.containsKey(key), "shape %s lacks %s", text, key);
    return values.get(key);
  }

  private static Axis axis(Map<String, Integer> values, String letters, int index) {
    int padding = inherited(values, "p", letters, index, 0);
    return new Axis(
        inherited(values, "i", letters, index, 0),
        inherited(values, "k", letters, index, 1),
        inherited(values, "s", letters, index, 1),
        padding,
        inherited(values, "r", letters, index, padding),
        inherited(values, "d", letters, index, 0) + 1);
  }

  private static int inherited(
      Map<String, Integer> values, String kind, String letters, int index, int otherwise) {
    for (int i = index; i >= 0; i--) {
      Integer value = values.get(kind + letters.charAt(i));
      if (value != null) {
        return value;
      }
    }
    return otherwise;
  }

  static String format(ConvShape shape) {
    StringBuilder text = new StringBuilder();
    append(text, "g", shape.groups(), 1);
    append(text, "mb", shape.batch(), 1);
    text.append("ic").append(shape.inChannels());
    axes(text, shape, "i", Axis::input, 0);
    text.append("oc").append(shape.outChannels());
    if (shape.axes().stream().allMatch(Axis::fits)) {
      axes(text, shape, "o", Axis::output, 0);
    }
    axes(text, shape, "k", Axis::kernel, 1);
    axes(text, shape, "s", Axis::stride, 1);
    axes(text, shape, "p", Axis::padBefore, 0);
    if (shape.axes().stream().anyMatch(axis -> axis.padAfter() != axis.padBefore())) {
      axes(text, shape, "r", Axis::padAfter, -1);
    }
    axes(text, shape, "d", axis -> axis.dilation() - 1, 0);
    if (shape.paddingMode() != PaddingMode.ZERO) {
      text.append(MODE).append(shape.paddingMode().label());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String key, int value, int usual) {
    if (value != usual) {
      text.append(key).append(value);
    }
  }

  /** Writes a value for each axis, or for the outermost alone where all are the same. */
  private static void axes(
      StringBuilder text, ConvShape shape, String kind, ToIntFunction<Axis> value, int usual) {
    List<Axis> axes = shape.axes();
    String letters = AXES.substring(AXES.length() - axes.size());
    int[] values = axes.stream().mapToInt(value).toArray();
    boolean same = IntStream.of(values).allMatch(v -> v == values[0]);
    if (same) {
      append(text, kind + letters.charAt(0), values[0], usual);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      text.append(kind).append(letters.charAt(i)).append(values[i]);
    }
  }
}
