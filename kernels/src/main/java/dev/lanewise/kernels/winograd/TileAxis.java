package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.shape.Axis;

/**
 * The tiles of one axis.
 *
 * <p>A dilation d makes d phases, each a dense convolution of every d-th element. A span is the
 * tiles of all phases side by side: it covers {@code m * d} neighbouring outputs, tile {@code p} of
 * it those with index p modulo d. The last span may be short of tiles and of outputs.
 *
 * <p>Where the spans cover more outputs than there are, the last of them can be fitted: their tiles
 * make an output less. As only a tile's last output takes the product at infinity, those tiles do
 * without it: 7 outputs are 4 and 3, and 11 products instead of 12; 14 are 4, 4, 3 and 3.
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

  final int spans;

  /** Spans of tiles that make all their outputs; those after them make one less. */
  final int wholeSpans;

  final int tiles;

  private final int stride;
  private final int padding;

  /**
   * Cuts an axis into tiles.
   *
   * @param axis an axis of stride 1, or of any stride with a single tap
   * @param outputs outputs of a tile where there is more than one tap
   * @param fitted whether the last tiles are fitted
   */
  TileAxis(Axis axis, int outputs, boolean fitted) {
    transform = AxisTransform.of(outputs, axis.kernel());
    input = axis.input();
    output = axis.output();
    stride = axis.stride();
    padding = axis.padBefore();
    step = transform.isTrivial() ? 1 : axis.dilation();
    int spanOutputs = transform.outputs() * step;
    spans = Math.ceilDiv(output, spanOutputs);
    int spare = (spans * spanOutputs - output) / step;
    wholeSpans = fitted && !transform.isTrivial() ? Math.max(0, spans - spare) : spans;
    tiles = (spans - 1) * step + Math.min(step, output - spanStart(spans - 1));
  }

  /** First output of a span. */
  int spanStart(int span) {
    int shorter = Math.max(0, span - wholeSpans);
    return (span * transform.outputs() - shorter) * step;
  }

  /** First output of a tile. */
  int outStart(int tile) {
    return spanStart(tile / step) + tile % step;
  }

  /** Outputs of a tile that there are, 1 to m. */
  int outputs(int tile) {
    int most = transform.outputs() - (tile / step < wholeSpans ? 0 : 1);
    return Math.min(most, Math.ceilDiv(output - outStart(tile), step));
  }

  /** Tiles that make all their outputs. */
  int wholeTiles() {
    return Math.min(tiles, wholeSpans * step);
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
