package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {

  private static final Terminal ASCII = new Terminal(false, false);
  private static final Terminal UNICODE = new Terminal(true, false);
  private static final Terminal COLOUR = new Terminal(true, true);

  /** Two rows of three: black over white, white over black, white over white. */
  private static final byte[] PIXELS = {0, -1, -1, -1, 0, -1};

  @Test
  void barIsFilledToItsFraction() {
    assertEquals("    ", ASCII.bar(0, 4));
    assertEquals("##  ", ASCII.bar(0.5, 4));
    assertEquals("####", ASCII.bar(1, 4));
    assertEquals("█▌  ", UNICODE.bar(0.375, 4));
    assertEquals("████", UNICODE.bar(1.5, 4));
    assertEquals("    ", UNICODE.bar(-1, 4));
  }

  @Test
  void pictureTakesTwoRowsOfPixelsALine() {
    assertEquals(List.of("▄▀█"), UNICODE.picture(PIXELS, 3));
    assertEquals(List.of("==@"), ASCII.picture(PIXELS, 3));
  }

  @Test
  void colouredPictureShowsItsShapeWithoutTheColoursToo() {
    String half = "\u001b[38;5;255;48;5;232m";
    assertEquals(
        List.of(half + "▄" + half + "▀" + "\u001b[38;5;255;48;5;255m█" + "\u001b[0m"),
        COLOUR.picture(PIXELS, 3));
  }
}
