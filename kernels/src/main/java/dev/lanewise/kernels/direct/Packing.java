package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.BatchReduce;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many channels of a pixel lie side by side where the kernel reads them, and so what a tap is.
 *
 * <p>Blocks of 16 are what activations are made of; the taps of a convolution of three channels
 * would spend 13 of 16 products on zeros. Rows that are copied anyway can be packed densely: an RGB
 * pixel is then one tap of three terms, and of single channels three neighbouring pixels are. A
 * whole kernel row of RGB pixels is one tap where there is a micro-kernel for its length.
 */
public enum Packing {
  /** A tap is 16 channels of one pixel; pixels of stride 2 are read where they lie. */
  BLOCKS(Layout.BLOCK, 3, 2),
  /** The same, and neighbouring output pixels' inputs lie side by side. */
  NEIGHBOURS(Layout.BLOCK, 3, 1),
  /** A tap is half the channels of a block: padding that fills the other half is left out. */
  HALVES(BatchReduce.HALF_TAP, 3, 1),
  /** A tap is three channels of one pixel, or of the pixels of a whole kernel row. */
  TRIPLES(3, 4, 0),
  /** A tap is one channel of three neighbouring pixels. */
  SINGLES(1, 1.5, 0);

  /** Channels of a pixel that lie side by side. */
  final int channels;

  /** Widest stride at which pixels can be read in place, or 0 if rows are always copied. */
  final int mostStride;

  private final double copyCost;

  Packing(int channels, double copyCost, int mostStride) {
    this.mostStride = mostStride;
    this.channels = channels;
    this.copyCost = copyCost;
  }

  /** What bringing one pixel of one plane into a band costs, in multiply-adds of 16 lanes. */
  double copyCost() {
    return copyCost;
  }

  /** What a report adds about rows that are packed so. */
  String describe() {
    return switch (this) {
      case BLOCKS, NEIGHBOURS -> "";
      case HALVES -> ", channels read by halves of blocks";
      case TRIPLES -> ", channels packed by threes";
      case SINGLES -> ", channels packed one by one";
    };
  }

  /** Terms of a tap, unless whole kernel rows are taps. */
  int terms() {
    return Math.max(channels, BatchReduce.SHORT_TAP);
  }

  /** Planes of so many channels that hold all channels. */
  int planes(int allChannels) {
    return Math.ceilDiv(allChannels, channels);
  }

  /** The channel of a tap's term. */
  int channel(int plane, int term) {
    return plane * channels + term % channels;
  }

  /** Floats from one pixel to its neighbour where the kernel reads them. */
  int pixelFloats() {
    return readInPlace() ? Layout.BLOCK : channels;
  }

  private boolean readInPlace() {
    return mostStride > 0;
  }

  /** Where a plane begins: of planes of one block the second is the rest of its pixels. */
  int place(int plane, int apart) {
    int together = readInPlace() ? Layout.BLOCK / channels : 1;
    return plane / together * apart + plane % together * channels;
  }

  /** Columns that a tap may reach beyond its first. */
  int reach() {
    return (terms() - 1) / channels;
  }

  /**
   * One tap within a kernel row.
   *
   * @param column its first column, in columns of the input from the row's first
   * @param first the kernel's column of its first term; its neighbours are those of the further
   *     terms where they belong to other columns
   * @param columns kernel columns that it covers
   */
  public record RowTap(int column, int first, int step, int columns) {}

  /** The taps of a kernel row whose columns are dealt into {@code phases} phases. */
  List<RowTap> rowTaps(Axis width, int phases) {
    if (reach() > 0) {
      return rowTaps(width, phases, reach() + 1);
    }
    return IntStream.range(0, width.kernel())
        .mapToObj(w -> new RowTap(w * width.dilation(), w, 1, 1))
        .toList();
  }

  /** Taps that cover up to {@code most} kernel columns which are neighbours within a phase. */
  static List<RowTap> rowTaps(Axis width, int phases, int most) {
    List<RowTap> taps = new ArrayList<>();
    // Columns of one phase that are neighbours there are `phases` apart in the input.
    boolean neighbours = phases % width.dilation() == 0;
    int step = neighbours ? phases / width.dilation() : width.kernel();
    for (int start = 0; start < Math.min(step, width.kernel()); start++) {
      int columns = Math.ceilDiv(width.kernel() - start, step);
      for (int i = 0; i < columns; i += most) {
        int first = start + i * step;
        taps.add(new RowTap(first * width.dilation(), first, step, Math.min(most, columns - i)));
      }
    }
    return taps;
  }
}
