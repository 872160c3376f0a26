package dev.lanewise.nn.insight;

import dev.lanewise.kernels.shape.Check;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much each pixel of an image matters, in any unit; the greater, the more. Below zero it speaks
 * against what was asked for.
 *
 * @param values row by row
 * @param height rows
 * @param width columns
 */
public record HeatMap(List<Float> values, int height, int width) {

  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException if there is not one a pixel
   */
  public HeatMap {
    values = List.copyOf(values);
    Check.that(
        values.size() == Check.elements("heat map", height, width),
        "a map of %d x %d has not %d values",
        height,
        width,
        values.size());
  }

  static HeatMap of(float[] values, int height, int width) {
    return new HeatMap(
        IntStream.range(0, values.length).mapToObj(i -> values[i]).toList(), height, width);
  }

  /** The value of a pixel. */
  public float at(int row, int column) {
    return values.get(row * width + column);
  }

  /** The values divided by the greatest absolute one: from -1 to 1, or all zero. */
  public float[] scaled() {
    float greatest = 0;
    for (float value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    float[] scaled = new float[values.size()];
    for (int i = 0; i < scaled.length && greatest > 0; i++) {
      scaled[i] = values.get(i) / greatest;
    }
    return scaled;
  }
}
