package dev.lanewise.nn.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Normalization;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradCamTest {

  private static final Tensor IMAGE = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);

  /**
   * Maps x and 2 x - 3, their means, and scores mean1 - 2 mean2 and 4 mean2: with four pixels the
   * channels weigh 1/4 and -2/4 for class 0, 0 and 4/4 for class 1.
   */
  private static ImageClassifier classifier() {
    Sequential body =
        new Sequential()
            .add("block", new Sequential().add("conv", new Conv2d(1, 2, 1)))
            .add("pool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add("fc", new Linear(2, 2));
    Network network = new Network("tiny", new int[] {1, 2, 2}, body);
    Nets.set(network, "block.conv.weight", 1, 2);
    Nets.set(network, "block.conv.bias", 0, -3);
    Nets.set(network, "fc.weight", 1, -2, 0, 4);
    return new ImageClassifier(network, Normalization.NONE, Workers.shared());
  }

  @Test
  void mapIsTheOneComputedByHand() {
    assertEquals(List.of(0.75f, 0f, 0f, 0f), values(0, "block.conv"));
    assertEquals(List.of(0f, 1f, 3f, 5f), values(1, "block.conv"));
  }

  @Test
  void aContainerHasAMapToo() {
    assertEquals(List.of(0f, 1f, 3f, 5f), values(1, "block"));
    assertEquals("block", classifier().lastMap(IMAGE));
  }

  private static List<Float> values(int label, String layer) {
    return GradCam.of(classifier(), IMAGE, label, layer).values();
  }

  @Test
  void aSmallMapIsBroughtToTheSizeOfTheImage() {
    Sequential body =
        new Sequential()
            .add("pool", Pool.average(2))
            .add("flatten", new Flatten())
            .add("fc", new Linear(4, 2));
    Network network = new Network("pooled", new int[] {1, 4, 4}, body).initialize(1);
    ImageClassifier classifier = new ImageClassifier(network, Normalization.NONE, Workers.shared());
    Tensor image = Nets.images(5, 1, 1, 4, 4);
    HeatMap map = GradCam.of(classifier, image, 0, "pool");
    HeatMap coarse = GradCam.coarse(classifier, image, 0, "pool");
    assertEquals(List.of(4, 4, 2, 2), sizes(map, coarse));
    assertEquals(coarse.at(0, 0), map.at(0, 0));
    assertEquals(coarse.at(1, 1), map.at(3, 3));
  }

  private static List<Integer> sizes(HeatMap a, HeatMap b) {
    return List.of(a.height(), a.width(), b.height(), b.width());
  }

  @Test
  void refusalsNameWhatThereIs() {
    assertTrue(refusal(0, "conv7").contains("block.conv, pool, flatten, fc"));
    assertTrue(refusal(0, "fc").contains("no maps"));
    assertTrue(refusal(2, "pool").contains("class 2 is not one of 2"));
  }

  private static String refusal(int label, String layer) {
    return assertThrows(IllegalArgumentException.class, () -> values(label, layer)).getMessage();
  }
}
