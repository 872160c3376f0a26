package dev.lanewise.nn.insight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.report.ColourScale;
import dev.lanewise.nn.report.Picture;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pictures of activations and filters. */
class PicturesTest {

  private final ImageClassifier classifier = Nets.smooth();
  private final Tensor image = Nets.images(1, 1, 2, 6, 5);

  @Test
  void mapsOfALayerAreItsOutput() {
    Tensor before = FeatureMaps.of(classifier, image, "conv");
    Tensor after = FeatureMaps.of(classifier, image, "tanh");
    assertArrayEquals(new int[] {1, 4, 6, 5}, after.shape());
    for (int i = 0; i < after.size(); i++) {
      assertEquals(Math.tanh(before.data()[i]), after.data()[i], 1e-6);
    }
    assertEquals(
        List.of("conv", "tanh"), List.copyOf(FeatureMaps.layers(classifier, image).keySet()));
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> FeatureMaps.of(classifier, image, "fc"))
            .getMessage();
    assertTrue(refusal.contains("conv, tanh"), refusal);
  }

  @Test
  void channelsShareOneScaleFromBlackToWhite() {
    Tensor maps = Tensor.of(new float[] {-1, 0, 1, 3}, 1, 2, 1, 2);
    List<BufferedImage> pictures = FeatureMaps.pictures(maps, 5);
    assertEquals(2, pictures.size());
    assertEquals(0x000000, pictures.get(0).getRGB(0, 0) & 0xffffff);
    assertEquals(0x404040, pictures.get(0).getRGB(1, 0) & 0xffffff);
    assertEquals(0xffffff, pictures.get(1).getRGB(1, 0) & 0xffffff);
    assertEquals(1, FeatureMaps.pictures(maps, 1).size());
  }

  @Test
  void filtersOfThreeChannelsAreColouredAndOthersAGrid() {
    Tensor colour = Tensor.of(new float[] {1, 0, -1}, 1, 3, 1, 1);
    BufferedImage dot = FilterPictures.of(colour, 9, 9).getFirst();
    assertEquals(0xff8000, dot.getRGB(0, 0) & 0xffffff);
    Tensor grey = Tensor.of(new float[] {1, -1, 0, 0.5f}, 2, 2, 1, 1);
    List<BufferedImage> grids = FilterPictures.of(grey, 9, 9);
    assertEquals(
        List.of(2, 3, 1), List.of(grids.size(), grids.get(0).getWidth(), grids.get(0).getHeight()));
    assertEquals(0xffffff, grids.get(0).getRGB(0, 0) & 0xffffff);
    assertEquals(0x000000, grids.get(0).getRGB(2, 0) & 0xffffff);
    assertEquals(List.of("conv"), FilterPictures.convolutions(classifier));
    assertThrows(IllegalArgumentException.class, () -> FilterPictures.weights(classifier, "fc"));
  }

  @Test
  void coloursRunFromOneEndToTheOther() {
    assertEquals(0x000004, ColourScale.HEAT.rgb(-3));
    assertEquals(0xfcfdbf, ColourScale.HEAT.rgb(1));
    assertEquals(0xffffff, ColourScale.SIGNED.rgb(0));
    assertEquals(0x0072b2, ColourScale.SIGNED.rgb(-1));
    BufferedImage black = Picture.of(new float[] {0}, 1, 1, 1);
    BufferedImage white = Picture.of(new float[] {1}, 1, 1, 1);
    assertEquals(0x404040, Picture.blend(black, white, 0.25f).getRGB(0, 0) & 0xffffff);
    assertEquals(8, Picture.enlarged(white, 8).getWidth());
  }
}
