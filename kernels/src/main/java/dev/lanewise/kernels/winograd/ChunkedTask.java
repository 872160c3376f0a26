package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.simd.Interleave;
import java.util.List;

/** A gradient by filter, chunk of tiles after chunk. */
abstract sealed class ChunkedTask extends GradientTask permits CommonChunks, OwnChunks {

  final GradientPlanes planes;
  final GradientChunk chunks;

  ChunkedTask(Tiling tiling, GradientPlanes planes) {
    super(tiling);
    this.planes = planes;
    chunks = new GradientChunk(tiling, planes);
  }

  @Override
  final void warmUp() {
    Interleave.warmUp(tiling.shape.kernelTaps(), !planes.own && planes.chunks > 1);
    chunks.warmUp();
  }

  @Override
  final List<String> explain() {
    return List.of(
        "F(%dx%d, %dx%d): %d tiles of %d products in %d chunk%s, %d KiB transformed"
            .formatted(
                tiling.height.transform.outputs(),
                tiling.width.transform.outputs(),
                tiling.height.transform.taps(),
                tiling.width.transform.taps(),
                tiling.tiles(),
                tiling.products,
                planes.chunks,
                planes.chunks == 1 ? "" : "s",
                planes.floats() * Float.BYTES / 1024),
        "%d panels of up to %d blocks of input channels, %d x %d output channels"
            .formatted(
                tiling.groups * chunks.panels.length,
                chunks.panels[0].blocks(),
                chunks.rows,
                GradientChunk.ROWS));
  }
}
