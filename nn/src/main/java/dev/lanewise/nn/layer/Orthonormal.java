package dev.lanewise.nn.layer;

import java.util.Random;

/**
 * Random orthonormal vectors: normal ones, made orthogonal one after the other (Gram and Schmidt,
 * twice over, which is as exact as reflections: Giraud et al. 2005).
 *
 * <p>The vectors are as many as the shorter side of the matrix and as long as its longer side.
 */
final class Orthonormal {

  private static final int PASSES = 2;

  private final double[][] vectors;
  private final boolean vectorsAreRows;

  private Orthonormal(double[][] vectors, boolean vectorsAreRows) {
    this.vectors = vectors;
    this.vectorsAreRows = vectorsAreRows;
  }

  static Orthonormal random(int rows, int columns, Random random) {
    double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] = random.nextGaussian();
      }
      for (int pass = 0; pass < PASSES; pass++) {
        for (int earlier = 0; earlier < i; earlier++) {
          add(-dot(vectors[earlier], vectors[i]), vectors[earlier], vectors[i]);
        }
      }
      double norm = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] /= norm;
      }
    }
    return new Orthonormal(vectors, rows <= columns);
  }

  double at(int row, int column) {
    return vectorsAreRows ? vectors[row][column] : vectors[column][row];
  }

  private static double dot(double[] a, double... b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double factor, double[] a, double... to) {
    for (int i = 0; i < a.length; i++) {
      to[i] += factor * a[i];
    }
  }
}
