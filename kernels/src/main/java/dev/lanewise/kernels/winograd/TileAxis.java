package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.shape.Axis;

/**
 * The tiles of one axis.
 *
 * <p>A dilation d makes d phases, each a dense convolution of every d-th element. A span is the
 * tiles of all phases side by side: it covers {@code m * d} neighbouring outputs, tile {@code p} of
 * it those with index p modulo d. The last span may be short of tiles and of outputs.
 */
final class TileAxis {

  /** F(m, r) of the axis. */
  final AxisTransform transform;

  /** Elements of the input. */
  final int input;

  /** Elements of the output. */
  final int output;

  /** Distance between the elements of a window, and between the outputs of a tile. */
  final int step;

  /** Outputs that a span covers. */
  final int spanOutputs;

  final int spans;
  final int tiles;

  private final int stride;
  private final int padding;

  /**
   * Cuts an axis into tiles.
   *
   * @param axis an axis of stride 1, or of any stride with a single tap
   * @param outputs outputs of a tile where there is more than one tap
   */
  TileAxis(Axis axis, int outputs) {
    transform = AxisTransform.of(outputs, axis.kernel());
    input = axis.input();
    output = axis.output();
    stride = axis.stride();
    padding = axis.padBefore();
    step = transform.isTrivial() ? 1 : axis.dilation();
    spanOutputs = transform.outputs() * step;
    spans = Math.ceilDiv(output, spanOutputs);
    tiles = (spans - 1) * step + Math.min(step, output - (spans - 1) * spanOutputs);
  }

  /** First output of a tile. */
  int outStart(int tile) {
    return tile / step * spanOutputs + tile % step;
  }

  /** Outputs of a tile that there are, 1 to m. */
  int outputs(int outStart) {
    return Math.min(transform.outputs(), Math.ceilDiv(output - outStart, step));
  }

  /** First element of the window whose first output is given; outside the input within padding. */
  int inStart(int outStart) {
    return outStart * stride - padding;
  }

  /** First element of a window that is not before the input. */
  int firstInside(int inStart) {
    return inStart >= 0 ? 0 : Math.min(transform.products(), Math.ceilDiv(-inStart, step));
  }

  /** One past the last element of a window that is not after the input. */
  int endInside(int inStart) {
    int end = Math.ceilDiv(input - inStart, step);
    return Math.max(firstInside(inStart), Math.min(end, transform.products()));
  }
}
