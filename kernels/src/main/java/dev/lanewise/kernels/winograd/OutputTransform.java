package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;

/**
 * Transforms the products of a block of tiles into outputs, {@code A^T m A}, adds the bias and
 * finishes each piece of a row while it is in the cache.
 *
 * <p>First along the columns of a tile, then along its rows. A tile of which columns are outside
 * goes through a patch; rows that are outside are not computed.
 */
final class OutputTransform {

  private static final int BLOCK = Tiling.BLOCK;

  private final Tiling tiling;
  private final TileAxis height;
  private final TileAxis width;
  private final int rows;
  private final int columns;
  private final Workspace space;
  private final int rowPixels;
  private final int planePixels;

  OutputTransform(Tiling tiling, Workspace space) {
    this.tiling = tiling;
    this.space = space;
    height = tiling.height;
    width = tiling.width;
    rows = height.transform.products();
    columns = width.transform.products();
    rowPixels = width.output;
    planePixels = height.output * rowPixels;
  }

  /**
   * Transforms one block of output channels for the spans {@code first} to {@code end}.
   *
   * @param block the block among all output channels
   * @param sums where its sums begin, tiles in the {@link TileOrder} of the spans
   * @param own memory of {@link InputTransform#ownFloats()} from {@code at}
   */
  void run(
      ConvCall call,
      int block,
      int first,
      int end,
      float[] workspace,
      int sums,
      float[] own,
      int at) {
    for (int span = first, until; span < end; span = until) {
      until = tiling.order.together(span, end);
      int row = span / width.spans;
      int firstTile = span % width.spans * width.step;
      int endTile = firstTile + tiling.tiles(span, until);
      int from = sums + tiling.order.place(first, end, span) * BLOCK;
      runRow(call, block, row, firstTile, endTile, workspace, from, own, at);
    }
  }

  /** Neighbouring tiles of one row of tiles, which cover whole pieces of its rows of pixels. */
  private void runRow(
      ConvCall call,
      int block,
      int row,
      int firstTile,
      int endTile,
      float[] workspace,
      int sums,
      float[] own,
      int at) {
    int from = sums;
    int plane = row / height.tiles;
    int image = plane / tiling.outDepth;
    int depth = plane % tiling.outDepth;
    int y = height.outStart(row % height.tiles);
    int outRows = height.outputs(row % height.tiles);
    int pixel = depth * planePixels + y * rowPixels;
    int channel = block * BLOCK;
    int base = call.outputImage(image) + block * tiling.outDepth * planePixels * BLOCK;
    for (int tile = firstTile; tile < endTile; tile++) {
      int x = width.outStart(tile);
      int to = base + (pixel + x) * BLOCK;
      int outColumns = width.outputs(tile);
      // What a fitted tile has too much is the first column of the tile after it, written next.
      boolean complete =
          outColumns == width.transform.outputs()
              || (outColumns == width.transform.outputs() - 1 && tile + width.step < endTile);
      if (complete && (outRows == height.transform.outputs() || columns > 1)) {
        tile(
            call.bias(),
            channel,
            workspace,
            from,
            outRows,
            call.output(),
            to,
            width.step * BLOCK,
            height.step * rowPixels * BLOCK,
            own,
            at);
      } else {
        int patch = at + space.patch();
        int patchRow = width.transform.outputs() * BLOCK;
        tile(call.bias(), channel, workspace, from, outRows, own, patch, BLOCK, patchRow, own, at);
        for (int r = 0; r < outRows; r++) {
          for (int c = 0; c < outColumns; c++) {
            System.arraycopy(
                own,
                patch + r * patchRow + c * BLOCK,
                call.output(),
                to + (r * height.step * rowPixels + c * width.step) * BLOCK,
                BLOCK);
          }
        }
      }
      from += BLOCK;
    }
    int start = width.spanStart(firstTile / width.step);
    int end = Math.min(rowPixels, width.spanStart(Math.ceilDiv(endTile, width.step)));
    for (int r = 0; r < outRows; r++) {
      call.finish(image, block, pixel + r * height.step * rowPixels + start, end - start);
    }
  }

  private void tile(
      float[] bias,
      int channel,
      float[] workspace,
      int from,
      int outRows,
      float[] out,
      int to,
      int columnStride,
      int rowStride,
      float[] own,
      int half) {
    int plane = space.sumPlane();
    if (rows == 1) {
      Transforms.outputBiased(
          width.transform, bias, channel, workspace, from, plane, 0, out, to, columnStride, 0, 1);
    } else if (columns == 1) {
      Transforms.outputBiased(
          height.transform, bias, channel, workspace, from, plane, 0, out, to, rowStride, 0, 1);
    } else {
      int halfRow = columns * BLOCK;
      Transforms.output(
          height.transform,
          workspace,
          from,
          columns * plane,
          plane,
          own,
          half,
          halfRow,
          BLOCK,
          columns);
      Transforms.outputBiased(
          width.transform,
          bias,
          channel,
          own,
          half,
          BLOCK,
          halfRow,
          out,
          to,
          columnStride,
          rowStride,
          outRows);
    }
  }
}
