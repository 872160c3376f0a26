package dev.lanewise.kernels.winograd;

/**
 * What a transform reads along an axis: windows of the input, or the gradient of a tile's outputs.
 *
 * @param axis the axis and its tiles
 * @param ofGradient whether it is the gradient
 */
record TileSide(TileAxis axis, boolean ofGradient) {

  /** Elements of a tile. */
  int elements() {
    return ofGradient ? axis.transform.outputs() : axis.transform.products();
  }

  /** Elements of the whole axis. */
  int length() {
    return ofGradient ? axis.output : axis.input;
  }

  /** The first element of a tile; outside within the padding. */
  int start(int tile) {
    int outStart = axis.outStart(tile);
    return ofGradient ? outStart : axis.inStart(outStart);
  }

  /** First element of a tile that is not before the axis. */
  int firstInside(int tile) {
    return ofGradient ? 0 : axis.firstInside(start(tile));
  }

  /** One past the last element of a tile that is not after the axis. */
  int endInside(int tile) {
    return ofGradient ? axis.outputs(tile) : axis.endInside(start(tile));
  }

  /** Transforms elements to products, with the operands of {@link Transforms#input}. */
  void transform(
      float[] src,
      int from,
      int fromStride,
      int fromStep,
      float[] dst,
      int to,
      int toStride,
      int toStep,
      int count) {
    if (ofGradient) {
      Transforms.gradient(
          axis.transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    } else {
      Transforms.input(
          axis.transform, src, from, fromStride, fromStep, dst, to, toStride, toStep, count);
    }
  }
}
