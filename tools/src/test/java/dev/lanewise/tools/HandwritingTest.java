package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class HandwritingTest {

  /** A page with a bar of 10x40 pixels. */
  private static BufferedImage bar(
      int width, int height, int left, int top, Color page, Color ink) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(page);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(ink);
    graphics.fillRect(left, top, 10, 40);
    graphics.dispose();
    return image;
  }

  /** A bar of 5x20 pixels of full ink whose centre is the centre of the field. */
  private static byte[] centredBar() {
    byte[] field = new byte[28 * 28];
    for (int y = 4; y < 24; y++) {
      for (int x = 12; x < 17; x++) {
        field[y * 28 + x] = (byte) 255;
      }
    }
    return field;
  }

  @Test
  void digitIsScaledToTwentyPixelsWithItsAspectAndCentred() {
    BufferedImage image = bar(300, 200, 17, 101, Color.BLACK, Color.WHITE);
    assertArrayEquals(centredBar(), Handwriting.normalise(image));
  }

  @Test
  void darkInkOnBrightPaperIsInverted() {
    BufferedImage image = bar(100, 300, 50, 20, Color.WHITE, Color.DARK_GRAY);
    assertArrayEquals(centredBar(), Handwriting.normalise(image));
  }

  @Test
  void smallDigitGrows() {
    BufferedImage image = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_GRAY);
    image.setRGB(4, 4, 0xffffff);
    int ink = 0;
    for (byte grey : Handwriting.normalise(image)) {
      ink += grey & 0xff;
    }
    assertEquals(20 * 20 * 255, ink);
  }

  @Test
  void transparentPixelsArePaper() {
    BufferedImage image = new BufferedImage(60, 60, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.BLACK);
    graphics.fillRect(20, 10, 10, 40);
    graphics.dispose();
    assertArrayEquals(centredBar(), Handwriting.normalise(image));
  }

  @Test
  void emptyPageIsRefused() {
    BufferedImage page = bar(40, 40, 0, 0, Color.WHITE, Color.WHITE);
    var refused = assertThrows(IllegalArgumentException.class, () -> Handwriting.normalise(page));
    assertTrue(refused.getMessage().contains("no ink"), refused::getMessage);
  }
}
