package dev.lanewise.kernels.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SliceTest {

  private static final int[] DIMS = {2, 20, 3, 5};

  @Test
  void newImagesLieOneBehindTheOther() {
    Slice images = Slice.allocate(DIMS);
    int image = 2 * 3 * 5 * Layout.BLOCK;
    assertEquals(image, images.imageStride());
    images.require("images", 2, image);
    assertEquals(images.data().length, images.first() + 2 * image);
    assertArrayEquals(new float[images.data().length], images.data());
  }

  @Test
  void newImagesBeginAtLineBehindTheArraysHeader() {
    int headerFloats = 4;
    int lineFloats = 16;
    assertEquals(0, (headerFloats + Slice.allocate(DIMS).first()) % lineFloats);
  }

  @Test
  void newImagesOfEmptyBatchTakeNoPlace() {
    Slice none = Slice.allocate(new int[] {0, 20, 3, 5});
    assertTrue(none.holds(0, 2 * 3 * 5 * Layout.BLOCK));
    assertEquals(none.first(), none.data().length);
  }
}
