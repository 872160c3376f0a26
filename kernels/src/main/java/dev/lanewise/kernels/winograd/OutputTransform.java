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
   * @param sums where the sums of its first tile lie
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
    int from = sums;
    for (int span = first; span < end; ) {
      int spans = width.spans;
      int row = span / spans;
      int fromSpan = span % spans;
      int toSpan = Math.min(spans, fromSpan + end - span);
      int firstTile = fromSpan * width.step;
      int endTile = Math.min(toSpan * width.step, width.tiles);
      runRow(call, block, row, firstTile, endTile, workspace, from, own, at);
      from += (endTile - firstTile) * BLOCK;
      span += toSpan - fromSpan;
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
    int outRows = height.outputs(y);
    int pixel = depth * planePixels + y * rowPixels;
    int channel = block * BLOCK;
    int base = call.outputImage(image) + block * tiling.outDepth * planePixels * BLOCK;
    for (int tile = firstTile; tile < endTile; tile++) {
      int x = width.outStart(tile);
      int to = base + (pixel + x) * BLOCK;
      int outColumns = width.outputs(x);
      if (outColumns == width.transform.outputs()
          && (outRows == height.transform.outputs() || columns > 1)) {
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
    int start = firstTile / width.step * width.spanOutputs;
    int end = Math.min(rowPixels, Math.ceilDiv(endTile, width.step) * width.spanOutputs);
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
