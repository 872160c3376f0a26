package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;
import java.util.Arrays;

/**
 * Transforms the windows of a block of tiles, {@code B^T d B}, straight from the blocked input.
 *
 * <p>First along each row of the window, then along the columns of what came out. Rows outside the
 * input are zeros that are not computed; a window of which columns are outside is copied first.
 */
final class InputTransform {

  private static final int BLOCK = Tiling.BLOCK;

  private final Tiling tiling;
  private final TileAxis height;
  private final TileAxis width;
  private final int rows;
  private final int columns;
  private final Workspace space;
  private final int rowFloats;
  private final int planeFloats;

  InputTransform(Tiling tiling, Workspace space) {
    this.tiling = tiling;
    this.space = space;
    height = tiling.height;
    width = tiling.width;
    rows = height.transform.products();
    columns = width.transform.products();
    rowFloats = width.input * BLOCK;
    planeFloats = height.input * rowFloats;
  }

  /**
   * Transforms one term of a channel group for the spans {@code first} to {@code end}.
   *
   * @param to where its first tile goes
   * @param own memory of {@link Workspace#ownFloats()} from {@code at}
   */
  void run(
      ConvCall call,
      int group,
      int term,
      int first,
      int end,
      float[] workspace,
      int to,
      float[] own,
      int at) {
    int block = group * tiling.inBlocks + term % tiling.inBlocks;
    int tap = term / tiling.inBlocks;
    int tile = to;
    for (int span = first; span < end; ) {
      int spans = width.spans;
      int row = span / spans;
      int fromSpan = span % spans;
      int toSpan = Math.min(spans, fromSpan + end - span);
      int firstTile = fromSpan * width.step;
      int endTile = Math.min(toSpan * width.step, width.tiles);
      runRow(call, block, tap, row, firstTile, endTile, workspace, tile, own, at);
      tile += (endTile - firstTile) * BLOCK;
      span += toSpan - fromSpan;
    }
  }

  /** Neighbouring tiles of one row of tiles. */
  private void runRow(
      ConvCall call,
      int block,
      int tap,
      int row,
      int firstTile,
      int endTile,
      float[] workspace,
      int to,
      float[] own,
      int at) {
    int plane = row / height.tiles;
    int image = plane / tiling.outDepth;
    int inPlane = tiling.depth.position(plane % tiling.outDepth, tap);
    if (inPlane < 0 || inPlane >= tiling.depth.input()) {
      for (int p = 0; p < tiling.products; p++) {
        int from = to + p * space.inputPlane();
        Arrays.fill(workspace, from, from + (endTile - firstTile) * BLOCK, 0);
      }
      return;
    }
    int base = call.inputImage(image) + (block * tiling.depth.input() + inPlane) * planeFloats;
    int y = height.inStart(height.outStart(row % height.tiles));
    int firstRow = height.firstInside(y);
    int endRow = height.endInside(y);
    for (int tile = firstTile; tile < endTile; tile++) {
      int x = width.inStart(width.outStart(tile));
      int from = base + y * rowFloats + x * BLOCK;
      int firstColumn = width.firstInside(x);
      int endColumn = width.endInside(x);
      boolean whole =
          endColumn - firstColumn == columns
              && (endRow - firstRow == rows || (columns > 1 && rows > 1));
      if (whole) {
        window(
            call.input(),
            from,
            width.step * BLOCK,
            height.step * rowFloats,
            firstRow,
            endRow,
            workspace,
            to,
            own,
            at);
      } else {
        int patch = at + space.patch();
        copy(call.input(), from, firstRow, endRow, firstColumn, endColumn, own, patch);
        window(own, patch, BLOCK, columns * BLOCK, firstRow, endRow, workspace, to, own, at);
      }
      to += BLOCK;
    }
  }

  /** Copies a window, zeros where it is outside, into the patch. */
  private void copy(
      float[] in,
      int from,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      float[] own,
      int patch) {
    Arrays.fill(own, patch, patch + rows * columns * BLOCK, 0);
    for (int r = firstRow; r < endRow; r++) {
      int source = from + r * height.step * rowFloats;
      for (int c = firstColumn; c < endColumn; c++) {
        int place = source + c * width.step * BLOCK;
        System.arraycopy(in, place, own, patch + (r * columns + c) * BLOCK, BLOCK);
      }
    }
  }

  private void window(
      float[] in,
      int from,
      int columnStride,
      int rowStride,
      int firstRow,
      int endRow,
      float[] workspace,
      int to,
      float[] own,
      int half) {
    int plane = space.inputPlane();
    if (rows == 1) {
      Transforms.input(width.transform, in, from, columnStride, 0, workspace, to, plane, 0, 1);
    } else if (columns == 1) {
      Transforms.input(height.transform, in, from, rowStride, 0, workspace, to, plane, 0, 1);
    } else {
      int halfRow = columns * BLOCK;
      if (endRow - firstRow < rows) {
        Arrays.fill(own, half, half + firstRow * halfRow, 0);
        Arrays.fill(own, half + endRow * halfRow, half + rows * halfRow, 0);
      }
      Transforms.input(
          width.transform,
          in,
          from + firstRow * rowStride,
          columnStride,
          rowStride,
          own,
          half + firstRow * halfRow,
          BLOCK,
          halfRow,
          endRow - firstRow);
      Transforms.input(
          height.transform,
          own,
          half,
          halfRow,
          BLOCK,
          workspace,
          to,
          columns * plane,
          plane,
          columns);
    }
  }
}
