package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;

/**
 * Chunk after chunk, all workers transform its tiles, meet, and sum and transform back for panels
 * and rows, whose sums stay in the second-level cache.
 */
final class CommonChunks extends ChunkedTask {

  CommonChunks(Tiling tiling, GradientPlanes planes) {
    super(tiling, planes);
  }

  @Override
  int commonFloats() {
    return (int) planes.floats();
  }

  @Override
  public int stages(int workers) {
    return 2 * planes.chunks;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    if (stage % 2 == 0) {
      transform(stage / 2, worker, workers, scratch);
    } else {
      sum(stage / 2, worker, workers, scratch);
    }
  }

  /** Transforms a share of the chunk's tiles: the blocks of the input, then of the gradient. */
  private void transform(int chunk, int worker, int workers, Scratch scratch) {
    float[] memory = scratch.floats(WindowTransform.scratchFloats(tiling));
    int spans = planes.first(chunk + 1) - planes.first(chunk);
    int inBlocks = tiling.groups * tiling.inBlocks;
    int units = (inBlocks + tiling.groups * tiling.outBlocks) * spans;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; ) {
      int from = unit % spans;
      int until = Math.min(spans, from + end - unit);
      boolean ofInput = unit / spans < inBlocks;
      int block = unit / spans - (ofInput ? 0 : inBlocks);
      int blocks = ofInput ? tiling.inBlocks : tiling.outBlocks;
      int at =
          (ofInput ? planes.input() : planes.gradient())
              + block / blocks * tiling.products * planes.plane(blocks)
              + block % blocks * planes.blockFloats();
      chunks.transform(
          ofInput, call, block, chunk, from, until, common, at, memory, Workspace.START);
      unit += until - from;
    }
  }

  /** Sums and transforms a share of the panels and rows. */
  private void sum(int chunk, int worker, int workers, Scratch scratch) {
    float[] memory = scratch.floats(chunks.toFilter.scratchFloats());
    int rows = chunks.rows;
    int panels = chunks.panels.length;
    int units = tiling.groups * panels * rows;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int row = unit % rows;
      GradientPanel panel = chunks.panels[unit / rows % panels];
      int group = unit / rows / panels;
      int inputs = planes.input() + group * tiling.products * planes.plane(tiling.inBlocks);
      int gradients = planes.gradient() + group * tiling.products * planes.plane(tiling.outBlocks);
      chunks.sum(false, chunk, panel, row, common, inputs, gradients, memory, 0);
      chunks.toFilter.run(group, panel, row * GradientChunk.ROWS, memory, call, chunk > 0);
    }
  }
}
