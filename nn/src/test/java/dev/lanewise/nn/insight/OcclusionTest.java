package dev.lanewise.nn.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Normalization;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Sequential;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OcclusionTest {

  private static final int HEIGHT = 6;
  private static final int WIDTH = 8;
  private static final int TOP = 2;
  private static final int LEFT = 4;

  /** Answers 1 if the square of two pixels at {@code (TOP, LEFT)} is bright, whatever the rest. */
  private static ImageClassifier classifier() {
    Sequential body =
        new Sequential().add("flatten", new Flatten()).add("fc", new Linear(HEIGHT * WIDTH, 2));
    Network network = new Network("square", new int[] {1, HEIGHT, WIDTH}, body);
    float[] weights = new float[2 * HEIGHT * WIDTH];
    for (int y = TOP; y < TOP + 2; y++) {
      for (int x = LEFT; x < LEFT + 2; x++) {
        weights[(HEIGHT + y) * WIDTH + x] = 1;
      }
    }
    Nets.set(network, "fc.weight", weights);
    return new ImageClassifier(network, Normalization.NONE, Workers.shared());
  }

  private static Tensor bright() {
    Tensor image = Tensor.zeros(1, 1, HEIGHT, WIDTH);
    Arrays.fill(image.data(), 1);
    return image;
  }

  private static boolean decisive(int row, int column) {
    return row >= TOP && row < TOP + 2 && column >= LEFT && column < LEFT + 2;
  }

  @Test
  void onlyThePatchThatDecidesMatters() {
    HeatMap map = new Occlusion(2, 2, Optional.of(0f)).map(classifier(), bright(), 1);
    double fall = 1 / (1 + Math.exp(-4)) - 0.5;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        assertEquals(decisive(y, x) ? fall : 0, map.at(y, x), 1e-6);
      }
    }
  }

  @Test
  void overlappingPatchesAreAveragedAndBordersCovered() {
    HeatMap map = new Occlusion(3, 2, Optional.of(0f)).map(classifier(), bright(), 1);
    float inside = map.at(TOP, LEFT);
    assertTrue(inside > 0 && inside >= map.at(0, 7), map::toString);
    assertEquals(0, map.at(5, 0));
    assertTrue(map.values().stream().allMatch(Float::isFinite));
  }

  @Test
  void whatSpeaksForAnotherClassIsNegative() {
    HeatMap map = Occlusion.of(2).map(classifier(), bright(), 0);
    assertTrue(map.at(TOP, LEFT) < 0);
  }

  @Test
  void patchesThatDoNotFitAreRefused() {
    Occlusion large = Occlusion.of(7);
    assertThrows(IllegalArgumentException.class, () -> large.map(classifier(), bright(), 0));
    assertThrows(IllegalArgumentException.class, () -> new Occlusion(2, 3, Optional.empty()));
  }
}
