package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayerListTest {

  /** Work of each published layer in MFLOP, 2 x multiply-adds, as its report prints it. */
  private static final String PUBLISHED =
      """
      7x7 s2 3>64@224 | 236
      3x3 64@56 | 231
      3x3 128@28 | 231
      3x3 256@14 | 231
      3x3 512@7 | 231
      3x3 s2 128@56 | 231
      1x1 64>256@56 | 103
      1x1 512>128@28 | 103
      1x1 1024>256@14 | 103
      1x1 2048>512@7 | 103
      3x3 64@224 | 3699
      3x3 512@28 | 3699
      11x11 s4 3>96@227 | 211
      5x5 96>256 groups 2@27 | 448
      5x5 32>96@28 | 120
      depthwise 3x3 32@112 | 7.2
      depthwise 3x3 s2 96@112 | 5.4
      depthwise 3x3 512@14 | 1.8
      depthwise 5x5 240@28 | 9.4
      3x3 dilation 2 256@28 | 925
      3x3 groups 32 128@56 | 29
      3x3 64@56 batch 16 | 3699
      """;

  @Test
  void layersHaveThePublishedNamesInOrder() {
    List<String> published =
        PUBLISHED.lines().map(line -> line.substring(0, line.indexOf(" | "))).toList();
    assertEquals(published, LayerList.rows().stream().map(LayerList.Row::name).toList());
  }

  @Test
  void layersHaveThePublishedWork() {
    Map<String, ConvShape> shapes =
        LayerList.rows().stream()
            .collect(Collectors.toMap(LayerList.Row::name, LayerList.Row::shape));
    PUBLISHED
        .lines()
        .map(line -> line.split(" \\| "))
        .forEach(
            entry -> {
              double mflop = 2e-6 * shapes.get(entry[0]).multiplyAdds();
              String format = entry[1].contains(".") ? "%.1f" : "%.0f";
              assertEquals(entry[1], format.formatted(mflop), entry[0]);
            });
  }

  @Test
  void namesAndShapesAreUnique() {
    List<LayerList.Row> all =
        Stream.concat(LayerList.rows().stream(), LayerList.awkward().stream()).toList();
    assertEquals(all.size(), all.stream().map(LayerList.Row::name).distinct().count());
    assertEquals(all.size(), all.stream().map(LayerList.Row::shape).distinct().count());
    assertTrue(all.size() >= 60);
  }
}
