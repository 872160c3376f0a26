package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.shape.Axis;

/**
 * How one axis is cut into overlapping tiles, each as long as a transform (overlap-save).
 *
 * <p>A circular correlation of {@code size} elements with a kernel of {@code extent} has {@code
 * size - extent + 1} outputs in which nothing wraps around; of these every stride-th is kept.
 *
 * @param axis the axis
 * @param fft the transform along it
 * @param outputs outputs that a tile keeps
 * @param tiles how many tiles cover the axis
 */
record TileAxis(Axis axis, Fft fft, int outputs, int tiles) {

  static TileAxis of(Axis axis, int size) {
    int outputs = Math.min((size - axis.extent()) / axis.stride() + 1, axis.output());
    return new TileAxis(axis, Fft.of(size), outputs, Math.ceilDiv(axis.output(), outputs));
  }

  int size() {
    return fft.size();
  }

  /** Outputs of a tile that lie inside: fewer in the last. */
  int outputs(int tile) {
    return Math.min(outputs, axis.output() - tile * outputs);
  }

  /** Input position of a tile's first element; negative or beyond the input in the padding. */
  int start(int tile) {
    return tile * outputs * axis.stride() - axis.padBefore();
  }

  /** The largest transform of any use: it takes the whole axis in one tile. */
  static int largest(Axis axis) {
    return Fft.sizeFor((axis.output() - 1) * axis.stride() + axis.extent());
  }
}
