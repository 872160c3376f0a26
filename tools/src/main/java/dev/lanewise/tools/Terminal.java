package dev.lanewise.tools;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/**
 * What the user's terminal can show, and small pictures and bars made of that.
 *
 * @param unicode whether block characters can be printed; otherwise plain ASCII
 * @param colour whether escape sequences are understood
 */
record Terminal(boolean unicode, boolean colour) {

  private static final String ASCII_SHADES = " .:-=+*#%@";
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
  private static final String HALVES = " ▀▄█";
  private static final int BLACK = 232;
  private static final int GREYS = 24;
  private static final int INK = 100;

  /** The terminal, or file, behind the standard output. */
  static Terminal standard() {
    String encoding = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    boolean unicode =
        Charset.isSupported(encoding)
            && Charset.forName(encoding).newEncoder().canEncode(EIGHTHS + HALVES);
    return new Terminal(unicode, unicode && Ansi.AUTO.enabled());
  }

  /** A horizontal bar of {@code width} characters, filled to a fraction from 0 to 1. */
  String bar(double fraction, int width) {
    int eighths = (int) Math.round(Math.clamp(fraction, 0, 1) * width * 8);
    StringBuilder bar = new StringBuilder();
    for (int i = 0; i < width; i++) {
      int fill = Math.clamp(eighths - 8 * i, 0, 8);
      bar.append(unicode ? EIGHTHS.charAt(fill) : fill >= 4 ? '#' : ' ');
    }
    return bar.toString();
  }

  /**
   * A grey picture, two rows of pixels a line, as wide as its rows.
   *
   * @param grey unsigned bytes, row-major, 0 black to 255 white, an even number of rows
   */
  List<String> picture(byte[] grey, int width) {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < grey.length; row += 2 * width) {
      StringBuilder line = new StringBuilder();
      for (int x = row; x < row + width; x++) {
        line.append(cell(grey[x] & 0xff, grey[x + width] & 0xff));
      }
      lines.add(line.append(colour ? "\u001b[0m" : "").toString());
    }
    return lines;
  }

  private String cell(int top, int bottom) {
    int mean = (top + bottom) / 2;
    if (!unicode) {
      return String.valueOf(ASCII_SHADES.charAt(mean * ASCII_SHADES.length() / 256));
    }
    boolean topInk = top >= INK;
    boolean bottomInk = bottom >= INK;
    char glyph = HALVES.charAt((topInk ? 1 : 0) + (bottomInk ? 2 : 0));
    if (!colour) {
      return String.valueOf(glyph);
    }
    // The glyph alone shows the shape too, where a copy of the screen loses its colours.
    boolean oneHalf = topInk != bottomInk;
    int front = oneHalf ? Math.max(top, bottom) : mean;
    int back = oneHalf ? Math.min(top, bottom) : mean;
    return "\u001b[38;5;%d;48;5;%dm%c".formatted(tone(front), tone(back), glyph);
  }

  /** One of the 24 greys of a terminal with 256 colours. */
  private static int tone(int grey) {
    return BLACK + grey * GREYS / 256;
  }
}
