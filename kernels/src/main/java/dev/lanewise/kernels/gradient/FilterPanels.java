package dev.lanewise.kernels.gradient;

import java.util.stream.IntStream;

/**
 * What is summed at a time: so many pixels, and a panel of neighbouring input blocks, whose rows
 * stay in the second-level cache while all output channels are summed with them. Longer sums come
 * before wider panels: to go on with sums of 8 x 3 blocks costs as much as 14 pixels. Both follow
 * from the shape alone.
 *
 * @param pixels most output pixels of a region
 * @param starts the first block of each panel, then the number of blocks
 */
@SuppressWarnings("ArrayRecordComponent") // read by loops; never compared
record FilterPanels(int pixels, int[] starts) {

  /** Floats of input that a panel should have: what a second-level cache holds comfortably. */
  private static final int PANEL_FLOATS = 96 << 10;

  /**
   * Floats of a panel's sums for 8 output channels, where they are laid out afterwards: half a
   * first-level cache. Of a single tap they are written where they belong, in long runs.
   */
  private static final int SUM_FLOATS = 4 << 10;

  /** A sum of fewer pixels would spend its time on starting values. */
  private static final int LEAST_PIXELS = 128;

  /** The gradient of 16 channels of so many pixels is twice a first-level cache. */
  private static final int MOST_PIXELS = 1024;

  static FilterPanels of(FilterGeometry geometry) {
    int blocks = geometry.inBlocks();
    long pixelFloats =
        (long) FilterGeometry.BLOCK * geometry.height().stride() * geometry.width().stride();
    // The blocks of output channels of several groups see input blocks of their own.
    boolean whole = geometry.shape().groups() > 1;
    int step = geometry.width().kernel() == 1 ? Math.min(FilterTile.MOST, blocks) : 1;
    int least = whole ? blocks : step;
    int pixels = Math.clamp(PANEL_FLOATS / (pixelFloats * least), LEAST_PIXELS, MOST_PIXELS);
    long all = Math.max(1, (long) geometry.shape().batch() * geometry.shape().outputPixels());
    long most = PANEL_FLOATS / (pixelFloats * Math.min(pixels, all));
    if (geometry.taps() > 1) {
      most = Math.min(most, SUM_FLOATS / ((long) geometry.taps() * FilterRows.TERMS));
    }
    int width = whole ? blocks : Math.clamp(most / step * step, step, blocks);
    return new FilterPanels(pixels, starts(blocks, width));
  }

  /** A single last block joins the panel before it. */
  private static int[] starts(int blocks, int width) {
    int panels = Math.max(1, (blocks + width - 2) / width);
    return IntStream.rangeClosed(0, panels).map(i -> i < panels ? i * width : blocks).toArray();
  }

  int count() {
    return starts.length - 1;
  }

  /** Most blocks of a panel. */
  int mostBlocks() {
    int most = 0;
    for (int i = 0; i < count(); i++) {
      most = Math.max(most, starts[i + 1] - starts[i]);
    }
    return most;
  }
}
