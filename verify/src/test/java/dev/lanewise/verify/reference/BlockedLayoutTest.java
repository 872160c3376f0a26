package dev.lanewise.verify.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BlockedLayoutTest {

  private final BlockedLayout layout = new BlockedLayout(2, 18, 3);

  @Test
  void channelsOfABlockAreNeighbours() {
    assertEquals(2 * 2 * 3 * 16, layout.blockedLength());
    int image1Channel17Pixel2 = (18 + 17) * 3 + 2;
    assertEquals(((2 + 1) * 3 + 2) * 16 + 1, layout.place(image1Channel17Pixel2));
  }

  @Test
  void goesThereAndBack() {
    float[] dense = new float[layout.denseLength()];
    for (int i = 0; i < dense.length; i++) {
      dense[i] = i + 1;
    }
    assertArrayEquals(dense, layout.toDense(layout.toBlocked(dense)));
  }

  @Test
  void findsALaneThatIsNeitherChannelNorZero() {
    float[] blocked = new float[layout.blockedLength()];
    blocked[layout.place(17 * 3)] = 5;
    assertEquals(-1, layout.firstDirtyPadding(blocked));
    blocked[layout.place(17 * 3) + 1] = 1e-30f;
    assertEquals(layout.place(17 * 3) + 1, layout.firstDirtyPadding(blocked));
  }
}
