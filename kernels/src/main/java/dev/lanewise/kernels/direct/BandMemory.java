package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Elements;
import dev.lanewise.kernels.simd.Interleave;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the rows that a band needs lie in a worker's scratch, with zeros where columns are padding:
 * {@code [plane of input channels][kernel plane][row][phase][column][channels of a plane]}.
 *
 * <p>Rows outside the input have a place but no values: no tap reads them. Every column of the
 * others has one, for a short tap may reach past the windows, where its filter is zero.
 *
 * <p>Copying waits for the third-level cache: a stem of RGB pixels spends 3 to 5 % of its time
 * there, for 64 bytes come in for each three channels; from planes it is under 1 %. Copying a few
 * pixels between strips, bands of fewer rows and strips down the columns were measured and gained
 * nothing.
 */
public final class BandMemory implements RowPlaces {

  private final Geometry geometry;
  private final int bandRows;
  private final int rows;
  private final int channels;
  private final int phaseColumns;
  private final int[] usedPhases;

  /**
   * The memory of bands of {@code bandRows} output rows.
   *
   * @throws IllegalArgumentException if {@link #objection} has one
   */
  BandMemory(Geometry geometry, int bandRows) {
    this.geometry = geometry;
    this.bandRows = bandRows;
    rows = inputRows(geometry, bandRows);
    channels = geometry.packing().channels;
    phaseColumns = geometry.phaseColumns();
    usedPhases = geometry.usedPhases();
    objection(geometry, bandRows)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(rule);
            });
  }

  private static int inputRows(Geometry geometry, int outRows) {
    return (outRows - 1) * geometry.height().stride() + geometry.height().extent();
  }

  /**
   * Floats that a band of {@code outRows} output rows takes; more than a long holds is infinite.
   */
  static double floats(Geometry geometry, int outRows) {
    return (double) geometry.planes()
        * geometry.depth().kernel()
        * inputRows(geometry, outRows)
        * geometry.usedPhases().length
        * geometry.phaseColumns()
        * geometry.packing().channels;
  }

  /** Why a band of so many output rows cannot be held, if it cannot. */
  public static Optional<String> objection(Geometry geometry, int outRows) {
    double floats = floats(geometry, outRows);
    return floats <= Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of("a band of rows would take %.0f floats".formatted(floats));
  }

  @Override
  public int plane() {
    return geometry.depth().kernel() * depth();
  }

  @Override
  public int depth() {
    return rows * rowFloats();
  }

  @Override
  public int height() {
    return geometry.height().dilation() * rowFloats();
  }

  @Override
  public int column(int column) {
    int phase = Arrays.binarySearch(usedPhases, column % geometry.phases());
    return (phase * phaseColumns + column / geometry.phases()) * channels;
  }

  @Override
  public int row(int outDepth, int outHeight) {
    return outHeight % bandRows * geometry.height().stride() * rowFloats();
  }

  private int rowFloats() {
    return usedPhases.length * phaseColumns * channels;
  }

  /** Floats of scratch. */
  public int floats() {
    return geometry.planes() * plane();
  }

  /** Estimated work of {@link #load} in vector multiply-adds of 16 lanes. */
  public double cost(int outRows) {
    double columns = (double) usedPhases.length * phaseColumns;
    double loaded = (double) geometry.planes() * geometry.depth().kernel() * columns;
    return loaded * inputRows(geometry, outRows) * geometry.packing().copyCost();
  }

  /**
   * Copies the input rows that some output rows of a band need.
   *
   * @param image where the image begins in {@code input}
   * @param fromRow first output row
   * @param endRow one past the last output row
   */
  public void load(Band band, int fromRow, int endRow, float[] input, int image, float[] memory) {
    load(band, fromRow, endRow, input, image, memory, false);
  }

  /** The same from an image whose channels are planes; only where they are packed densely. */
  void loadPlanar(Band band, int fromRow, int endRow, float[] input, int image, float[] memory) {
    load(band, fromRow, endRow, input, image, memory, true);
  }

  /** Calls what {@link #loadPlanar} needs until it is compiled. */
  void warmUp() {
    if (channels == 3 && geometry.phases() == 1) {
      Interleave.warmUpTriples();
    }
  }

  private void load(
      Band band,
      int fromRow,
      int endRow,
      float[] input,
      int image,
      float[] memory,
      boolean planar) {
    int pixelFloats = planar ? 1 : Geometry.BLOCK;
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    int origin = height.position(band.firstRow(), 0);
    int from = Math.max(0, height.position(fromRow, 0));
    int end = Math.min(height.input(), height.position(endRow - 1, height.kernel() - 1) + 1);
    int width = geometry.width().input();
    for (int plane = 0; plane < geometry.planes(); plane++) {
      for (int d = depth.firstTap(band.outDepth()); d < depth.endTap(band.outDepth()); d++) {
        int rowsBefore = depth.position(band.outDepth(), d) * height.input();
        int to = plane * plane() + d * depth();
        for (int row = from; row < end; row++) {
          int source = image + (rowsBefore + row) * width * pixelFloats;
          loadRow(plane, input, source, memory, to + (row - origin) * rowFloats(), planar);
        }
      }
    }
  }

  private void loadRow(
      int plane, float[] input, int source, float[] memory, int row, boolean planar) {
    int stride = geometry.phases();
    int before = geometry.width().padBefore();
    for (int i = 0; i < usedPhases.length; i++) {
      int to = row + i * phaseColumns * channels;
      int phase = usedPhases[i];
      // Columns of this phase before the input's first and before its end.
      int first = Math.min(phaseColumns, Math.ceilDiv(Math.max(0, before - phase), stride));
      int inside = before + geometry.width().input() - phase;
      int end = Math.clamp(Math.ceilDiv(inside, stride), first, phaseColumns);
      int column = first * stride + phase - before;
      Arrays.fill(memory, to, to + first * channels, 0f);
      int target = to + first * channels;
      if (planar) {
        copyPlanes(plane, input, source + column, stride, memory, target, end - first);
      } else {
        int from = source + column * Geometry.BLOCK;
        copy(plane, input, from, stride, memory, target, end - first);
      }
      Arrays.fill(memory, to + end * channels, to + phaseColumns * channels, 0f);
    }
  }

  /** Copies every {@code stride}-th of some pixels of a plane of channels. */
  private void copy(
      int plane, float[] input, int from, int stride, float[] memory, int to, int pixels) {
    if (channels == Geometry.BLOCK) {
      copyBlocks(input, from + plane * geometry.inPlane(), stride, memory, to, pixels);
      return;
    }
    int lane = plane * channels % Geometry.BLOCK;
    if (channels == 3 && lane + 3 <= Geometry.BLOCK) {
      int block = plane * channels / Geometry.BLOCK;
      int source = from + block * geometry.inPlane() + lane;
      Elements.copyTriples(input, source, 1, stride * Geometry.BLOCK, memory, to, channels, pixels);
      return;
    }
    for (int c = 0; c < channels; c++) {
      int channel = plane * channels + c;
      int block = channel / Geometry.BLOCK;
      if (channel < geometry.shape().inChannels()) {
        int source = from + block * geometry.inPlane() + channel % Geometry.BLOCK;
        Elements.copy(input, source, stride * Geometry.BLOCK, memory, to + c, channels, pixels);
      } else {
        zeroLane(memory, to + c, channels, pixels);
      }
    }
  }

  /** The same from channels that are planes. */
  private void copyPlanes(
      int plane, float[] input, int from, int stride, float[] memory, int to, int pixels) {
    int inPlane = geometry.inPlane() / Geometry.BLOCK;
    int all = geometry.shape().inChannels();
    if (stride == 1 && channels == 3 && (plane + 1) * channels <= all) {
      Interleave.triples(input, from + plane * channels * inPlane, inPlane, memory, to, pixels);
      return;
    }
    for (int c = 0; c < channels; c++) {
      int channel = plane * channels + c;
      if (channel < all) {
        Elements.copy(input, from + channel * inPlane, stride, memory, to + c, channels, pixels);
      } else {
        zeroLane(memory, to + c, channels, pixels);
      }
    }
  }

  private static void copyBlocks(
      float[] input, int from, int stride, float[] memory, int to, int pixels) {
    if (stride == 1) {
      System.arraycopy(input, from, memory, to, pixels * Geometry.BLOCK);
    } else {
      Blocks.copy(input, from, stride * Geometry.BLOCK, memory, to, Geometry.BLOCK, pixels);
    }
  }

  private static void zeroLane(float[] memory, int to, int stride, int count) {
    for (int i = 0; i < count; i++) {
      memory[to + i * stride] = 0;
    }
  }
}
