package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvCall;
import java.util.Arrays;

/** Transforms the windows of {@link StridedWinograd} into their parts. */
final class StridedWindows {

  private static final int BLOCK = Layout.BLOCK;

  /** Elements from one window to the next. */
  private static final int STEP = 2 * StridedTiles.OUTPUTS;

  private final StridedTiles tiles;
  private final int rowFloats;
  private final int planeFloats;

  /** Of each row part: where its five column parts begin. */
  private final int[][] parts;

  StridedWindows(StridedTiles tiles) {
    this.tiles = tiles;
    rowFloats = tiles.width.input() * BLOCK;
    planeFloats = tiles.height.input() * rowFloats;
    parts = new int[StridedTiles.PARTS][StridedTiles.PARTS];
    for (int row = 0; row < parts.length; row++) {
      for (int column = 0; column < parts.length; column++) {
        parts[row][column] = Workspace.START + tiles.part(row, column, 0);
      }
    }
  }

  /** Transforms the windows of the tiles {@code from} to {@code to} of an image. */
  void transform(int image, int from, int to, float[] workspace, ConvCall call) {
    for (int block = 0; block < tiles.inBlocks; block++) {
      int plane = call.inputImage(image) + block * planeFloats;
      int target = block * tiles.blockTiles * BLOCK;
      for (int tile = from; tile < to; ) {
        int row = tile / tiles.columns;
        int column = tile % tiles.columns;
        int columns = Math.min(tiles.columns - column, to - tile);
        transformRow(call.input(), plane, row, column, column + columns, workspace, target);
        tile += columns;
        target += columns * BLOCK;
      }
    }
  }

  /** Neighbouring windows of a row of tiles: those inside together, others put together first. */
  private void transformRow(
      float[] src, int plane, int row, int first, int end, float[] workspace, int target) {
    int y = STEP * row - tiles.height.padBefore();
    boolean inside = y >= 0 && y + StridedTiles.PARTS <= tiles.height.input();
    int to = target;
    for (int tile = first; tile < end; ) {
      int x = STEP * tile - tiles.width.padBefore();
      int room = x < 0 ? 0 : (tiles.width.input() - StridedTiles.PARTS - x + STEP) / STEP;
      int count = inside ? Math.min(room, end - tile) : 0;
      if (count > 0) {
        transform(src, plane + y * rowFloats + x * BLOCK, rowFloats, workspace, to, count);
      } else {
        count = 1;
        int patch = Workspace.START + tiles.patch();
        copyWindow(src, plane, y, x, workspace, patch);
        transform(workspace, patch, StridedTiles.PARTS * BLOCK, workspace, to, 1);
      }
      tile += count;
      to += count * BLOCK;
    }
  }

  private void transform(float[] src, int from, int row, float[] workspace, int to, int count) {
    int second = from + 2 * row;
    StridedTransforms.input(src, from, second, workspace, parts[0], to, count);
    StridedTransforms.input(src, from + row, -1, workspace, parts[1], to, count);
    StridedTransforms.input(src, second, -1, workspace, parts[2], to, count);
    StridedTransforms.input(src, from + 4 * row, second, workspace, parts[3], to, count);
    StridedTransforms.input(src, from + 3 * row, -1, workspace, parts[4], to, count);
  }

  /** A window that reaches outside, where zeros stand. */
  private void copyWindow(float[] src, int plane, int y, int x, float[] dst, int to) {
    int size = StridedTiles.PARTS;
    Arrays.fill(dst, to, to + size * size * BLOCK, 0);
    int first = Math.max(0, -x);
    int columns = Math.min(size, tiles.width.input() - x) - first;
    for (int r = Math.max(0, -y); r < size && y + r < tiles.height.input(); r++) {
      if (columns > 0) {
        int from = plane + (y + r) * rowFloats + (x + first) * BLOCK;
        System.arraycopy(src, from, dst, to + (r * size + first) * BLOCK, columns * BLOCK);
      }
    }
  }
}
