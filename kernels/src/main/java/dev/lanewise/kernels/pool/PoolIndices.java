package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * Converts the indices of {@link PoolPlan#runWithIndices} to and from those of ONNX, which count
 * through the whole input {@code [batch][channels][spatial...]} and lie in planar order.
 */
public final class PoolIndices {

  private PoolIndices() {}

  /**
   * ONNX's indices (of storage order 0).
   *
   * @param indices of a pooling
   * @param outputDims {@code [batch, channels, spatial...]} of its output
   * @param inputDims of its input
   * @return an index for each value of the output, in layout NCHW
   * @throws IllegalArgumentException if there are not as many indices as the output has floats
   */
  public static long[] toFlat(int[] indices, int[] outputDims, int[] inputDims) {
    Check.that(
        indices.length == Layout.NCHW16C.length(outputDims),
        "indices of %s, not %d of them",
        Arrays.toString(outputDims),
        indices.length);
    long[] flat = new long[Layout.NCHW.length(outputDims)];
    int pixels = pixels(outputDims);
    int plane = pixels(inputDims);
    for (int i = 0; i < flat.length; i++) {
      int planeOfI = i / pixels;
      flat[i] =
          (long) planeOfI * plane + indices[blocked(planeOfI, i % pixels, pixels, outputDims)];
    }
    return flat;
  }

  /**
   * The opposite of {@link #toFlat}.
   *
   * @throws IllegalArgumentException if there are not as many indices as the output has values, or
   *     one lies outside the plane of its channel
   */
  public static int[] fromFlat(long[] flat, int[] outputDims, int[] inputDims) {
    Check.that(
        flat.length == Layout.NCHW.length(outputDims),
        "indices of %s, not %d of them",
        Arrays.toString(outputDims),
        flat.length);
    int[] indices = new int[Layout.NCHW16C.length(outputDims)];
    int pixels = pixels(outputDims);
    int plane = pixels(inputDims);
    for (int i = 0; i < flat.length; i++) {
      int planeOfI = i / pixels;
      long index = flat[i] - (long) planeOfI * plane;
      Check.that(
          index >= 0 && index < plane,
          "index %d lies outside plane %d of %d pixels",
          flat[i],
          planeOfI,
          plane);
      indices[blocked(planeOfI, i % pixels, pixels, outputDims)] = (int) index;
    }
    return indices;
  }

  /** Where a pixel of a channel's plane lies in NCHW16C; planes are counted through images. */
  private static int blocked(int plane, int pixel, int pixels, int... dims) {
    int image = plane / dims[1];
    int channel = plane % dims[1];
    int block = image * Layout.blocks(dims[1]) + channel / Layout.BLOCK;
    return (block * pixels + pixel) * Layout.BLOCK + channel % Layout.BLOCK;
  }

  static int pixels(int... dims) {
    return Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
  }
}
