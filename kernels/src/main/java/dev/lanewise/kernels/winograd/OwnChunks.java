package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Blocks;

/**
 * Each worker transforms chunks of one channel group into its own second-level cache and adds their
 * products to the sums of the part they belong to; then the parts are added, and transformed back.
 */
final class OwnChunks extends ChunkedTask {

  private static final int BLOCK = Tiling.BLOCK;

  /** Panels and rows of a channel group. */
  private final int pieces;

  /** Floats of the sums of a panel and row. */
  private final int pieceFloats;

  OwnChunks(Tiling tiling, GradientPlanes planes) {
    super(tiling, planes);
    pieces = chunks.panels.length * chunks.rows;
    pieceFloats = chunks.toFilter.sumFloats(chunks.panels[0]);
  }

  @Override
  int commonFloats() {
    return sums(tiling.groups, 0, 0);
  }

  /** Where the sums of a group, part, and panel and row are. */
  private int sums(int group, int part, int piece) {
    return Workspace.START + ((group * planes.parts + part) * pieces + piece) * pieceFloats;
  }

  @Override
  public int stages(int workers) {
    return 2;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    if (stage == 0) {
      int units = tiling.groups * planes.parts;
      int end = Workers.start(units, worker + 1, workers);
      for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
        sumPart(unit / planes.parts, unit % planes.parts, scratch);
      }
    } else {
      int units = tiling.groups * pieces;
      int end = Workers.start(units, worker + 1, workers);
      for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
        addParts(unit / pieces, unit % pieces, scratch);
      }
    }
  }

  private void sumPart(int group, int part, Scratch scratch) {
    int half = (int) planes.floats();
    float[] memory = scratch.floats(half + WindowTransform.scratchFloats(tiling));
    int first = planes.firstChunk(part);
    for (int chunk = first; chunk < planes.firstChunk(part + 1); chunk++) {
      int spans = planes.first(chunk + 1) - planes.first(chunk);
      for (int b = 0; b < tiling.inBlocks; b++) {
        int block = group * tiling.inBlocks + b;
        int at = planes.input() + b * planes.blockFloats();
        chunks.transform(true, call, block, chunk, 0, spans, memory, at, memory, half);
      }
      for (int b = 0; b < tiling.outBlocks; b++) {
        int block = group * tiling.outBlocks + b;
        int at = planes.gradient() + b * planes.blockFloats();
        chunks.transform(false, call, block, chunk, 0, spans, memory, at, memory, half);
      }
      for (int piece = 0; piece < pieces; piece++) {
        GradientPanel panel = chunks.panels[piece / chunks.rows];
        chunks.sum(
            chunk > first,
            chunk,
            panel,
            piece % chunks.rows,
            memory,
            planes.input(),
            planes.gradient(),
            common,
            sums(group, part, piece));
      }
    }
  }

  private void addParts(int group, int piece, Scratch scratch) {
    float[] memory = scratch.floats(chunks.toFilter.scratchFloats());
    GradientPanel panel = chunks.panels[piece / chunks.rows];
    int floats = chunks.toFilter.sumFloats(panel);
    System.arraycopy(common, sums(group, 0, piece), memory, 0, floats);
    for (int part = 1; part < planes.parts; part++) {
      int from = sums(group, part, piece);
      Blocks.add(common, from, BLOCK, memory, 0, BLOCK, floats / BLOCK);
    }
    int channel = piece % chunks.rows * GradientChunk.ROWS;
    chunks.toFilter.run(group, panel, channel, memory, call, false);
  }
}
