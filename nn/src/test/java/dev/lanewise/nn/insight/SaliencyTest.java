package dev.lanewise.nn.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Tensor;
import org.junit.jupiter.api.Test;

class SaliencyTest {

  private static final int LABEL = 2;
  private static final int PLANE = 6 * 5;

  private final ImageClassifier classifier = Nets.smooth();
  private final Tensor image = Nets.images(1, 1, 2, 6, 5);

  /** The derivative of the score by a pixel, from differences. */
  private double slope(int pixel) {
    double step = 1e-2;
    double[] scores = new double[2];
    for (int side = 0; side < 2; side++) {
      float[] moved = image.values();
      moved[pixel] += (float) (side == 0 ? step : -step);
      scores[side] = classifier.scores(Tensor.of(moved, image.shape())).data()[LABEL];
    }
    return (scores[0] - scores[1]) / (2 * step);
  }

  @Test
  void mapHoldsTheGreatestSlopeOfAPixelsChannels() {
    HeatMap map = Saliency.of(classifier, image, LABEL);
    for (int i = 0; i < PLANE; i++) {
      double expected = Math.max(Math.abs(slope(i)), Math.abs(slope(PLANE + i)));
      assertEquals(expected, map.values().get(i), 1e-3 * Math.max(0.1, expected));
    }
  }

  @Test
  void meanOverCopiesWithoutNoiseIsThePlainMap() {
    HeatMap plain = Saliency.of(classifier, image, LABEL);
    HeatMap same = Saliency.smooth(classifier, image, LABEL, 20, 0, 1);
    for (int i = 0; i < PLANE; i++) {
      assertEquals(plain.values().get(i), same.values().get(i), 1e-6f);
    }
    assertEquals(
        Saliency.smooth(classifier, image, LABEL, 20, 0.3f, 1),
        Saliency.smooth(classifier, image, LABEL, 20, 0.3f, 1));
    assertNotEquals(plain, Saliency.smooth(classifier, image, LABEL, 20, 0.3f, 1));
  }

  @Test
  void theNetworkIsLeftAsItWas() {
    Saliency.of(classifier, image, LABEL);
    classifier
        .network()
        .parameters()
        .values()
        .forEach(
            parameter -> {
              assertNull(parameter.grad());
              assertTrue(parameter.requiresGrad());
            });
  }
}
