package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.direct.OutputGroup;
import dev.lanewise.kernels.simd.Taps;
import dev.lanewise.kernels.transposed.AxisPhases.Reach;
import java.util.HashMap;
import java.util.Map;

/**
 * The tap tables of a transposed convolution: one for each way in which the rows of a phase fall
 * outside the input, each column phase and each kind of output group.
 *
 * <p>Taps run over (input block, depth, height, width) of the kernel. The filter is packed whole:
 * that a phase has taps of its own is a matter of its table alone.
 */
final class PhaseTaps {

  private record Key(
      int depthTap,
      int depthTaps,
      int heightTap,
      int heightTaps,
      int widthTap,
      int inBlocks,
      int blocks) {}

  private final PhaseGeometry geometry;
  private final int blockStride;
  private final int planeStep;
  private final int rowStep;
  private final Map<Key, Taps> tables = new HashMap<>();

  /**
   * Tables for memory with the given distances, in floats, from a channel block to the next, and
   * from the plane and row of a tap to those of the next tap of its phase.
   */
  PhaseTaps(PhaseGeometry geometry, int blockStride, int planeStep, int rowStep) {
    this.geometry = geometry;
    this.blockStride = blockStride;
    this.planeStep = planeStep;
    this.rowStep = rowStep;
  }

  /** The table of a column phase, by its first tap, in a row of an output group. */
  Taps table(OutputGroup group, Reach depth, Reach height, int widthTap) {
    Key key =
        new Key(
            depth.firstTap(),
            depth.taps(),
            height.firstTap(),
            height.taps(),
            widthTap,
            group.inBlocks(),
            group.blocks());
    return tables.computeIfAbsent(key, this::build);
  }

  private Taps build(Key key) {
    AxisPhases depth = geometry.depth();
    AxisPhases height = geometry.height();
    AxisPhases width = geometry.width();
    int widthTaps = width.taps(key.widthTap);
    int count = key.inBlocks * key.depthTaps * key.heightTaps * widthTaps;
    int[] input = new int[count];
    int[] filter = new int[count];
    int filterTap = PhaseGeometry.BLOCK * key.blocks * PhaseGeometry.BLOCK;
    int t = 0;
    for (int block = 0; block < key.inBlocks; block++) {
      for (int d = 0; d < key.depthTaps; d++) {
        int tapPlane = block * depth.kernel() + key.depthTap + d * depth.tapStep();
        for (int h = 0; h < key.heightTaps; h++) {
          int tapRow = tapPlane * height.kernel() + key.heightTap + h * height.tapStep();
          for (int w = 0; w < widthTaps; w++, t++) {
            input[t] =
                block * blockStride
                    + d * planeStep
                    + h * rowStep
                    - w * width.inputStep() * PhaseGeometry.BLOCK;
            filter[t] = (tapRow * width.kernel() + key.widthTap + w * width.tapStep()) * filterTap;
          }
        }
      }
    }
    return new Taps(input, filter);
  }
}
