package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.Lanes;

/**
 * The sums of the gradient by filter for one block of 16 channels and some output rows of a plane.
 *
 * <pre>
 * sums[kernel row][tap][c] += sum over rows and columns whose input lies inside of
 *                             grad[row][column][c] * in[input row][input column][c]
 * </pre>
 *
 * Each sum is a single chain of fused multiply-adds: over tiles of columns, the tile's rows, the
 * row's columns. Which method computes it does not change its bits.
 */
abstract class TapSums {

  private static final int BLOCK = Layout.BLOCK;

  private final int lanes;

  TapSums(int lanes) {
    this.lanes = lanes;
  }

  /** The implementation for this machine's lanes. */
  static TapSums get() {
    return Holder.INSTANCE;
  }

  /** Whether {@link #addRows} computes a geometry; else there is {@link #addTapOf}. */
  static boolean literal(Geometry geometry) {
    Axis height = geometry.height();
    Axis width = geometry.width();
    boolean square =
        height.kernel() == width.kernel()
            && height.stride() == width.stride()
            && ColumnRun.literal(height);
    // Rows are as far apart as columns, so lines of stride 2 stand alone.
    boolean line =
        height.kernel() == 1
            && height.stride() == 1
            && height.padded() == height.input()
            && (width.stride() == 1 || height.input() == 1);
    return ColumnRun.literal(width) && (square || line);
  }

  /** Columns of the widest tile: the same on any lanes. */
  private static int mostColumns(int kernel) {
    return kernel == 3 ? 4 : 3;
  }

  /** Tiles of a {@link #literal} geometry's row; their sizes differ by at most one. */
  static int tiles(Geometry geometry) {
    return Math.ceilDiv(geometry.width().output(), mostColumns(geometry.width().kernel()));
  }

  /**
   * How planes lie that are summed alike: of neighbouring blocks, or of one block in neighbouring
   * images.
   *
   * @param in floats from one input to the next
   * @param grad floats from one gradient to the next
   * @param sums floats from the sums of one to those of the next
   */
  record Planes(int in, int grad, int sums) {
    static final Planes SINGLE = new Planes(0, 0, 0);
  }

  /**
   * Adds tiles of output rows of planes to the sums of all taps of a plane of a {@link #literal}
   * kernel. A call costs as much as a hundred products, so that small planes want many in one.
   *
   * @param count how many planes
   * @param planes where those after the first lie
   * @param in where the input lies, its plane from {@code inPlane} on
   * @param grad where the gradient lies, its plane from {@code gradPlane} on
   * @param sums {@code [kernel row][tap][16]} from {@code sumsBase} on
   */
  final void addRows(
      Geometry geometry,
      int count,
      Planes planes,
      int firstTile,
      int endTile,
      int row,
      int endRow,
      float[] in,
      int inPlane,
      float[] grad,
      int gradPlane,
      float[] sums,
      int sumsBase) {
    int kernel = geometry.width().kernel();
    int height = geometry.height().kernel();
    int tiles = tiles(geometry);
    int wide = geometry.width().output() % tiles;
    int columns = geometry.width().output() / tiles;
    int most = mostKernelRows(kernel);
    int first = firstTile * columns + Math.min(firstTile, wide);
    int middle = Math.min(wide, endTile) * (columns + 1);
    int end = endTile * columns + Math.min(endTile, wide);
    for (int k = 0; k < height; k += most) {
      int kernelRows = Math.min(most, height - k);
      int to = sumsBase + k * kernel * BLOCK;
      for (int c = 0; c < BLOCK; c += lanes) {
        if (firstTile < wide) {
          addTiles(
              geometry,
              count,
              planes,
              k,
              kernelRows,
              row,
              endRow - row,
              columns + 1,
              first,
              middle,
              in,
              inPlane + c,
              grad,
              gradPlane + c,
              sums,
              to + c);
        }
        if (endTile > wide) {
          addTiles(
              geometry,
              count,
              planes,
              k,
              kernelRows,
              row,
              endRow - row,
              columns,
              Math.max(first, wide * (columns + 1)),
              end,
              in,
              inPlane + c,
              grad,
              gradPlane + c,
              sums,
              to + c);
        }
      }
    }
  }

  /**
   * Adds output rows of a plane to the sum of one tap of any kernel.
   *
   * @param kernelRow the tap's row in the kernel
   * @param tap the tap's column
   */
  final void addTapOf(
      Geometry geometry,
      int kernelRow,
      int tap,
      int row,
      int endRow,
      float[] in,
      int inPlane,
      float[] grad,
      int gradPlane,
      float[] sums,
      int sumsBase) {
    Axis height = geometry.height();
    Axis width = geometry.width();
    int firstRow = Math.max(row, firstWindow(height, kernelRow));
    int rows = Math.min(endRow, endWindow(height, kernelRow)) - firstRow;
    int first = firstWindow(width, tap);
    int columns = endWindow(width, tap) - first;
    if (rows <= 0 || columns <= 0) {
      return;
    }
    int x =
        inPlane
            + height.position(firstRow, kernelRow) * geometry.inRow()
            + width.position(first, tap) * BLOCK;
    int g = gradPlane + firstRow * geometry.outRow() + first * BLOCK;
    for (int c = 0; c < BLOCK; c += lanes) {
      addTap(
          rows,
          columns,
          in,
          x + c,
          height.stride() * geometry.inRow(),
          width.stride() * BLOCK,
          grad,
          g + c,
          geometry.outRow(),
          sums,
          sumsBase + c);
    }
  }

  /** The first window whose tap does not fall before the input. */
  private static int firstWindow(Axis axis, int tap) {
    return Math.max(0, Math.ceilDiv(-axis.position(0, tap), axis.stride()));
  }

  /** One past the last window whose tap does not fall after the input. */
  private static int endWindow(Axis axis, int tap) {
    return Math.min(
        axis.output(), Math.ceilDiv(axis.input() - axis.position(0, tap), axis.stride()));
  }

  /** Kernel rows that a call can sum together. */
  abstract int mostKernelRows(int kernel);

  /**
   * As many channels as there are lanes of {@link #addRows}, for some kernel rows and the tiles of
   * {@code columns} columns from {@code column} to {@code end}.
   */
  abstract void addTiles(
      Geometry geometry,
      int count,
      Planes planes,
      int kernelRow,
      int kernelRows,
      int row,
      int rows,
      int columns,
      int column,
      int end,
      float[] in,
      int inBase,
      float[] grad,
      int gradBase,
      float[] sums,
      int sumsBase);

  /** As many channels as there are lanes of one tap, over pixels that lie inside the input. */
  abstract void addTap(
      int rows,
      int columns,
      float[] in,
      int inBase,
      int inRow,
      int inStep,
      float[] grad,
      int gradBase,
      int gradRow,
      float[] sums,
      int sumsBase);

  /** Adds one pixel's products to one tap's sums, without the Vector API. */
  static void addPixel(float[] in, int x, float[] grad, int g, float[] sums, int s) {
    for (int c = 0; c < BLOCK; c++) {
      sums[s + c] = Lanes.fma(in[x + c], grad[g + c], sums[s + c]);
    }
  }

  /** Loads the class of one lane width only: the others may need a module that is not there. */
  private static final class Holder {
    static final TapSums INSTANCE =
        switch (Lanes.LANES) {
          case 16 -> new TapSums16();
          case 8 -> new TapSums8();
          case 4 -> new TapSums4();
          default -> new Scalar();
        };
  }

  /** Without the Vector API, with the same sums in the same order. */
  private static final class Scalar extends TapSums {

    Scalar() {
      super(BLOCK);
    }

    @Override
    int mostKernelRows(int kernel) {
      return kernel;
    }

    @Override
    void addTiles(
        Geometry geometry,
        int count,
        Planes planes,
        int kernelRow,
        int kernelRows,
        int row,
        int rows,
        int columns,
        int column,
        int end,
        float[] in,
        int inBase,
        float[] grad,
        int gradBase,
        float[] sums,
        int sumsBase) {
      for (int plane = 0; plane < count; plane++) {
        addTiles(
            geometry,
            kernelRow,
            kernelRows,
            row,
            rows,
            columns,
            column,
            end,
            in,
            inBase + plane * planes.in(),
            grad,
            gradBase + plane * planes.grad(),
            sums,
            sumsBase + plane * planes.sums());
      }
    }

    private static void addTiles(
        Geometry geometry,
        int kernelRow,
        int kernelRows,
        int row,
        int rows,
        int columns,
        int column,
        int end,
        float[] in,
        int inBase,
        float[] grad,
        int gradBase,
        float[] sums,
        int sumsBase) {
      Axis height = geometry.height();
      Axis width = geometry.width();
      for (int t = 0; t < kernelRows * width.kernel(); t++) {
        int k = kernelRow + t / width.kernel();
        int tap = t % width.kernel();
        for (int i = 0; i < (end - column) * rows; i++) {
          int r = row + i / columns % rows;
          int j = column + i / (columns * rows) * columns + i % columns;
          int y = height.position(r, k);
          int x = width.position(j, tap);
          if (y >= 0 && y < height.input() && x >= 0 && x < width.input()) {
            addPixel(
                in,
                inBase + y * geometry.inRow() + x * BLOCK,
                grad,
                gradBase + r * geometry.outRow() + j * BLOCK,
                sums,
                sumsBase + t * BLOCK);
          }
        }
      }
    }

    @Override
    void addTap(
        int rows,
        int columns,
        float[] in,
        int inBase,
        int inRow,
        int inStep,
        float[] grad,
        int gradBase,
        int gradRow,
        float[] sums,
        int sumsBase) {
      for (int i = 0; i < rows * columns; i++) {
        int x = inBase + i / columns * inRow + i % columns * inStep;
        int g = gradBase + i / columns * gradRow + i % columns * BLOCK;
        addPixel(in, x, grad, g, sums, sumsBase);
      }
    }
  }
}
