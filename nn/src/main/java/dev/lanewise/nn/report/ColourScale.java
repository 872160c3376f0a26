package dev.lanewise.nn.report;

import java.util.List;

/** What colour a number has in a picture. */
public enum ColourScale {
  /** From 0, black, over purple and orange to 1, pale yellow. */
  HEAT,
  /** From -1, blue, over 0, white, to 1, orange: colours that all eyes tell apart. */
  SIGNED;

  private static final List<Integer> HEATED =
      List.of(0x000004, 0x3b0f70, 0x8c2981, 0xde4968, 0xfe9f6d, 0xfcfdbf);
  private static final List<Integer> TWO_SIDED = List.of(0x0072b2, 0xffffff, 0xd55e00);

  /**
   * The colour of a value, red in the highest of three bytes; values beyond the ends have theirs.
   */
  public int rgb(float value) {
    List<Integer> colours = this == HEAT ? HEATED : TWO_SIDED;
    float part = this == HEAT ? value : (value + 1) / 2;
    int steps = colours.size() - 1;
    float place = Math.clamp(part, 0, 1) * steps;
    int index = Math.min((int) place, steps - 1);
    return between(colours.get(index), colours.get(index + 1), place - index);
  }

  /** A colour so far on the way from one to another. */
  static int between(int from, int to, float part) {
    int colour = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int a = from >> shift & 0xff;
      int b = to >> shift & 0xff;
      colour |= Math.round(a + part * (b - a)) << shift;
    }
    return colour;
  }
}
