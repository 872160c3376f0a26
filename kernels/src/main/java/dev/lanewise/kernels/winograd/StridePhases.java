package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A convolution of planes at stride s as one at stride 1 over the phases of its input: every s-th
 * row and column from one of the first s on, each a channel of its own, with every s-th tap.
 *
 * <p>Along an axis, tap {@code s t + f} of output {@code o} reads element {@code s (o + t) + f} of
 * the padded input, which is element {@code o + t} of phase {@code f}: a kernel of k taps becomes
 * one of ceil(k / s). Channels are ordered (row phase, column phase, channel). Padding is part of
 * the phases, where it reads as zeros.
 *
 * @param shape the convolution with strides
 * @param inner that over the phases
 * @param height the last axis but one of {@code shape}
 * @param width the last axis
 */
record StridePhases(ConvShape shape, ConvShape inner, Axis height, Axis width) {

  private static final int BLOCK = Layout.BLOCK;

  /** Taps of a phase for which there are tiles. */
  private static final int LEAST_TAPS = 3;

  /** Outputs of a tile for so many taps and more: six, eight and eight products. */
  private static final int[] OUTPUTS = {4, 5, 4};

  /** The phases of a shape that {@link #objection} has nothing against. */
  static StridePhases of(ConvShape shape) {
    List<Axis> axes = new ArrayList<>(shape.axes());
    int phases = 1;
    for (int i = axes.size() - planeAxes(shape).size(); i < axes.size(); i++) {
      Axis axis = axes.get(i);
      phases *= phases(axis);
      axes.set(i, Axis.of(axis.output() + taps(axis) - 1, taps(axis)));
    }
    int channels = Math.multiplyExact(shape.inChannels(), phases);
    ConvShape inner = new ConvShape(shape.batch(), channels, shape.outChannels(), 1, axes);
    Axis width = shape.axes().getLast();
    Axis height = axes.size() < 2 ? Axis.of(1, 1) : planeAxes(shape).getFirst();
    return new StridePhases(shape, inner, height, width);
  }

  /** Why the phases of a shape are of no use, if they are not. */
  static Optional<String> objection(ConvShape shape) {
    if (shape.groups() != 1) {
      return Optional.of("only one group of channels");
    }
    int taps = 1;
    boolean strided = false;
    for (Axis axis : planeAxes(shape)) {
      if (axis.dilation() != 1) {
        return Optional.of("dilation %d, not 1".formatted(axis.dilation()));
      }
      strided |= axis.stride() > 1;
      if (taps(axis) > 1) {
        if (taps > 1 && taps(axis) != taps) {
          return Optional.of(
              "%d taps a phase along one axis, %d along the other".formatted(taps, taps(axis)));
        }
        taps = taps(axis);
      }
    }
    if (!strided) {
      return Optional.of("stride 1 has one phase");
    }
    int most = LEAST_TAPS + OUTPUTS.length - 1;
    return taps < LEAST_TAPS || taps > most
        ? Optional.of("%d taps a phase, not %d to %d".formatted(taps, LEAST_TAPS, most))
        : Optional.empty();
  }

  private static List<Axis> planeAxes(ConvShape shape) {
    List<Axis> axes = shape.axes();
    return axes.subList(Math.max(0, axes.size() - 2), axes.size());
  }

  /** Phases that meet a tap. */
  private static int phases(Axis axis) {
    return Math.min(axis.stride(), axis.kernel());
  }

  /** Taps of a phase. */
  private static int taps(Axis axis) {
    return Math.ceilDiv(axis.kernel(), axis.stride());
  }

  /** Outputs of a tile along an axis. */
  int outputs() {
    int taps = planeAxes(inner).stream().mapToInt(Axis::kernel).max().orElseThrow();
    return OUTPUTS[taps - LEAST_TAPS];
  }

  /** Phases of the columns, for each of the rows. */
  int columnPhases() {
    return phases(width);
  }

  /** The strides of both axes, on which the order of a packed filter depends. */
  List<Integer> strides() {
    return List.of(height.stride(), width.stride());
  }

  /**
   * Orders a filter as the phases are.
   *
   * @param filter {@code [outChannels][inChannels][kernel...]}
   * @param turned {@code inner().filterDims()}; taps beyond the kernel become zeros
   */
  void turn(float[] filter, float[] turned) {
    Axis rows = height;
    Axis columns = width;
    int innerRows = taps(rows);
    int innerColumns = taps(columns);
    int channels = shape.inChannels();
    int depth = shape.kernelTaps() / (rows.kernel() * columns.kernel());
    int to = 0;
    for (int out = 0; out < shape.outChannels(); out++) {
      for (int q = 0; q < inner.inChannels(); q++) {
        int phase = q / channels;
        int firstRow = phase / columnPhases();
        int firstColumn = phase % columnPhases();
        for (int d = 0; d < depth; d++) {
          int plane = ((out * channels + q % channels) * depth + d) * rows.kernel();
          for (int t = 0; t < innerRows * innerColumns; t++) {
            int row = t / innerColumns * rows.stride() + firstRow;
            int column = t % innerColumns * columns.stride() + firstColumn;
            boolean inside = row < rows.kernel() && column < columns.kernel();
            turned[to++] = inside ? filter[(plane + row) * columns.kernel() + column] : 0;
          }
        }
      }
    }
  }

  /** Whether channels of a block of 16 lie side by side in the input as in the phases. */
  boolean wholeBlocks() {
    return shape.inChannels() % BLOCK == 0;
  }
}
