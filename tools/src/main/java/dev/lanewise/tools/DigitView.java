package dev.lanewise.tools;

import dev.lanewise.nn.data.MnistData;
import dev.lanewise.tools.DigitReader.Reading;
import java.util.ArrayList;
import java.util.List;

/** A digit and what it was taken for, side by side: ten lines, one a class. */
final class DigitView {

  private static final int SIDE = MnistData.SIDE;

  /** MNIST scales every digit to fit a square of this many pixels. */
  private static final int CROP = 20;

  private static final int BAR = 8;

  /** Characters of a line as a terminal shows it. */
  static final int WIDTH = CROP + 2 + 1 + 1 + BAR + 1 + 6;

  private final Terminal terminal;

  DigitView(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The lines of a picture, each followed by a class, its probability as a bar and in percent. */
  List<String> lines(byte[] grey, Reading reading) {
    List<String> picture = terminal.picture(crop(grey), CROP);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < picture.size(); i++) {
      float probability = reading.probabilities().get(i);
      lines.add(
          "%s  %d %s %s"
              .formatted(picture.get(i), i, terminal.bar(probability, BAR), percent(probability)));
    }
    return lines;
  }

  /** A probability in six characters: {@code 99.9 %}. */
  static String percent(float probability) {
    double percent = 100.0 * probability;
    return percent >= 99.95 ? " 100 %" : "%4.1f %%".formatted(percent);
  }

  /** The square of the picture in whose middle the digit stands. */
  private static byte[] crop(byte[] grey) {
    int top = start(grey, SIDE, 1);
    int left = start(grey, 1, SIDE);
    byte[] crop = new byte[CROP * CROP];
    for (int y = 0; y < CROP; y++) {
      System.arraycopy(grey, (top + y) * SIDE + left, crop, y * CROP, CROP);
    }
    return crop;
  }

  /**
   * Where the square begins in one direction, given the distance of two lines and of two pixels.
   */
  private static int start(byte[] grey, int line, int pixel) {
    int first = SIDE - 1;
    int last = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      if (grey[i / SIDE * line + i % SIDE * pixel] != 0) {
        first = Math.min(first, i / SIDE);
        last = Math.max(last, i / SIDE);
      }
    }
    return Math.clamp((first + last + 1 - CROP) / 2, 0, SIDE - CROP);
  }
}
