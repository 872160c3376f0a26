package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.simd.Taps;
import java.util.HashMap;
import java.util.Map;

/**
 * The tap tables of a direct convolution: one for each way in which rows fall outside the input,
 * each number of input blocks and each filter width.
 *
 * <p>Taps run over (input block, depth, height, width) of the kernel. Rows outside the input have
 * no taps; columns outside are zeros in the band.
 */
final class TapTables {

  /** A range of kernel rows along one axis that lie inside the input. */
  private record Rows(int first, int end) {
    static Rows of(Axis axis, int window) {
      int first = axis.firstTap(window);
      return new Rows(first, Math.max(first, axis.endTap(window)));
    }
  }

  private record Key(Rows depth, Rows height, int inBlocks, int blocks) {}

  private final Geometry geometry;
  private final int blockStride;
  private final int depthStride;
  private final int rowStride;
  private final Map<Key, Taps> tables = new HashMap<>();

  /**
   * Tables for memory with the given distances, in floats, between neighbouring channel blocks,
   * kernel planes and kernel rows.
   */
  TapTables(Geometry geometry, int blockStride, int depthStride, int rowStride) {
    this.geometry = geometry;
    this.blockStride = blockStride;
    this.depthStride = depthStride;
    this.rowStride = rowStride;
  }

  /** The table for the output row ({@code outDepth}, {@code outHeight}) of an output group. */
  Taps table(OutputGroup group, int outDepth, int outHeight) {
    Key key =
        new Key(
            Rows.of(geometry.depth(), outDepth),
            Rows.of(geometry.height(), outHeight),
            group.inBlocks(),
            group.blocks());
    return tables.computeIfAbsent(key, this::build);
  }

  private Taps build(Key key) {
    Axis depth = geometry.depth();
    Axis height = geometry.height();
    Axis width = geometry.width();
    int count =
        key.inBlocks
            * (key.depth.end - key.depth.first)
            * (key.height.end - key.height.first)
            * width.kernel();
    int[] input = new int[count];
    int[] filter = new int[count];
    int filterTap = Geometry.BLOCK * key.blocks * Geometry.BLOCK;
    int t = 0;
    for (int block = 0; block < key.inBlocks; block++) {
      for (int d = key.depth.first; d < key.depth.end; d++) {
        for (int h = key.height.first; h < key.height.end; h++) {
          int row = ((block * depth.kernel() + d) * height.kernel() + h) * width.kernel();
          for (int w = 0; w < width.kernel(); w++, t++) {
            input[t] =
                block * blockStride
                    + d * depthStride
                    + h * rowStride
                    + geometry.phasePlace(w * width.dilation());
            filter[t] = (row + w) * filterTap;
          }
        }
      }
    }
    return new Taps(input, filter);
  }
}
