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
  private final double[][] columnMatrix;
  private final double[][] rowMatrix;

  FilterTransform(Tiling tiling) {
    this.tiling = tiling;
    columnMatrix = tiling.height.transform.filter();
    rowMatrix = tiling.width.transform.filter();
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
    double[][] half = new double[columnMatrix.length][rowMatrix[0].length];
    for (int out = 0; out < shape.outChannels(); out++) {
      int group = out / outPerGroup * tiling.products * plane;
      for (int in = 0; in < inPerGroup; in++) {
        for (int d = 0; d < depth; d++) {
          int term = d * tiling.inBlocks * BLOCK + in;
          transform(
              filter,
              ((out * inPerGroup + in) * depth + d) * taps,
              half,
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

  private void transform(
      float[] filter, int from, double[][] half, float[] packed, int to, int plane) {
    int rows = columnMatrix[0].length;
    int columns = rowMatrix[0].length;
    for (int i = 0; i < half.length; i++) {
      for (int c = 0; c < columns; c++) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
          sum += columnMatrix[i][r] * filter[from + r * columns + c];
        }
        half[i][c] = sum;
      }
    }
    int place = to;
    for (double[] row : half) {
      for (double[] weights : rowMatrix) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          sum += weights[c] * row[c];
        }
        packed[place] = (float) sum;
        place += plane;
      }
    }
  }
}
