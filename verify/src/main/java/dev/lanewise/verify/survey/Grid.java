package dev.lanewise.verify.survey;

import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A matrix as the survey writes it: rows separated by {@code /}, numbers by blanks, or single
 * digits without any.
 *
 * @param height rows
 * @param width columns
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent") // compared as text
record Grid(int height, int width, float... values) {

  private static final Pattern BLANK = Pattern.compile(" ");
  private static final Pattern EACH_CHARACTER = Pattern.compile("");

  static Grid of(String text) {
    List<String> rows = Pattern.compile("/").splitAsStream(text).toList();
    Pattern separator = text.contains(" ") ? BLANK : EACH_CHARACTER;
    List<Float> values =
        rows.stream().flatMap(separator::splitAsStream).map(Float::valueOf).toList();
    float[] array = new float[values.size()];
    IntStream.range(0, array.length).forEach(i -> array[i] = values.get(i));
    return new Grid(rows.size(), array.length / rows.size(), array);
  }

  /** With blanks between numbers, whole numbers without a point. */
  @Override
  public String toString() {
    StringJoiner rows = new StringJoiner("/");
    for (int row = 0; row < height; row++) {
      StringJoiner numbers = new StringJoiner(" ");
      for (int column = 0; column < width; column++) {
        float value = values[row * width + column];
        numbers.add(value == Math.rint(value) ? "" + Math.round(value) : "" + value);
      }
      rows.add(numbers.toString());
    }
    return rows.toString();
  }
}
