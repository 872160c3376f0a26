package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.shape.ConvShape;

/**
 * Transforms a filter by {@code G g G^T}, in double and rounded once, and lays it out as the
 * batch-reduce kernel reads it.
 *
 * <p>Layout: {@code [group][product][pair of output blocks][depth tap, input block][16][32]}; a
 * single last block has 16 columns.
 */
final class FilterTransform {

  private static final int BLOCK = Tiling.BLOCK;

  private final Tiling tiling;

  /** {@code [product][tap]}: the Kronecker product of both axes' matrices. */
  private final double[][] weights;

  FilterTransform(Tiling tiling) {
    this.tiling = tiling;
    double[][] columns = tiling.height.transform.filter();
    double[][] rows = tiling.width.transform.filter();
    int taps = rows[0].length;
    weights = new double[tiling.products][columns[0].length * taps];
    for (int p = 0; p < weights.length; p++) {
      for (int t = 0; t < weights[p].length; t++) {
        weights[p][t] = columns[p / rows.length][t / taps] * rows[p % rows.length][t % taps];
      }
    }
  }

  /** Floats of one product of one channel group. */
  static long productFloats(Tiling tiling) {
    return (long) tiling.terms * BLOCK * tiling.outBlocks * BLOCK;
  }

  /** Floats of the whole packed filter. */
  static long floats(Tiling tiling) {
    return productFloats(tiling) * tiling.products * tiling.groups;
  }

  void pack(float[] filter, float[] packed) {
    ConvShape shape = tiling.shape;
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    int depth = tiling.depth.kernel();
    int taps = shape.kernelTaps() / depth;
    int plane = (int) productFloats(tiling);
    for (int out = 0; out < shape.outChannels(); out++) {
      int group = out / outPerGroup * tiling.products * plane;
      for (int in = 0; in < inPerGroup; in++) {
        for (int d = 0; d < depth; d++) {
          int term = d * tiling.inBlocks * BLOCK + in;
          transform(
              filter,
              ((out * inPerGroup + in) * depth + d) * taps,
              packed,
              group + place(out % outPerGroup, term),
              plane);
        }
      }
    }
  }

  /** Where an output channel and a term of its group lie within a product. */
  private int place(int out, int term) {
    int pair = out / (2 * BLOCK);
    int width = Math.min(2, tiling.outBlocks - 2 * pair) * BLOCK;
    return (pair * 2 * tiling.terms * BLOCK + term / BLOCK * width) * BLOCK
        + term % BLOCK * width
        + out % (2 * BLOCK);
  }

  private void transform(float[] filter, int from, float[] packed, int to, int plane) {
    int place = to;
    for (double[] row : weights) {
      double sum = 0;
      for (int t = 0; t < row.length; t++) {
        sum += row[t] * filter[from + t];
      }
      packed[place] = (float) sum;
      place += plane;
    }
  }
}
