package dev.lanewise.nn.optim;

import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gradients of some parameters: how large they are, and keeping them from being larger.
 *
 * <p>Norms are summed in double precision in an order that does not depend on the number of
 * threads. A parameter without a gradient counts as zero. Nothing is allocated but the map of
 * {@link #norms()}.
 */
public final class Gradients {

  private final List<String> names;
  private final List<Tensor> tensors;
  private final Pieces pieces;
  private final double[] sums;
  private final Task squares;
  private final Task clamp;
  private float limit;

  /** The gradients of parameters by name. */
  public Gradients(Map<String, Tensor> parameters, Workers workers) {
    names = List.copyOf(parameters.keySet());
    tensors = List.copyOf(parameters.values());
    pieces = new Pieces(workers, tensors.stream().mapToInt(t -> t.data().length).toArray());
    sums = new double[pieces.count()];
    squares = pieces.task(this::sumSquares);
    clamp = pieces.task(this::clampPiece);
  }

  private void sumSquares(int index, int piece, int from, int to) {
    float[] grad = tensors.get(index).grad();
    sums[piece] = grad == null ? 0 : squares(grad, from, to);
  }

  /** Four sums at a time, so that an addition need not wait for the one before. */
  private static double squares(float[] grad, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      a += (double) grad[i] * grad[i];
      b += (double) grad[i + 1] * grad[i + 1];
      c += (double) grad[i + 2] * grad[i + 2];
      d += (double) grad[i + 3] * grad[i + 3];
    }
    for (; i < to; i++) {
      a += (double) grad[i] * grad[i];
    }
    return (a + b) + (c + d);
  }

  private double sum(int firstPiece, int lastPiece) {
    double sum = 0;
    for (int piece = firstPiece; piece < lastPiece; piece++) {
      sum += sums[piece];
    }
    return sum;
  }

  /** The Euclidean norm of all gradients together. */
  public double norm() {
    pieces.run(squares);
    return Math.sqrt(sum(0, sums.length));
  }

  /** The Euclidean norm of each parameter's gradient. */
  public Map<String, Double> norms() {
    pieces.run(squares);
    Map<String, Double> norms = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      norms.put(names.get(i), Math.sqrt(sum(pieces.start(i), pieces.start(i + 1))));
    }
    return norms;
  }

  /**
   * The factor that shortens gradients to a largest norm, for {@link Optimizer#step(float)}: 1 if
   * they are not longer (Pascanu, Mikolov and Bengio, 2013).
   *
   * @throws IllegalArgumentException if the largest norm is not above 0
   */
  public float scale(double largestNorm) {
    Check.that(largestNorm > 0, "the largest norm must be above 0, is %s", largestNorm);
    double norm = norm();
    return norm > largestNorm ? (float) (largestNorm / norm) : 1;
  }

  /**
   * Brings every element of every gradient to at most an absolute value.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public void clamp(float largest) {
    Check.that(largest > 0, "the largest value must be above 0, is %s", largest);
    limit = largest;
    pieces.run(clamp);
  }

  private void clampPiece(int index, int piece, int from, int to) {
    float[] grad = tensors.get(index).grad();
    if (grad == null) {
      return;
    }
    float high = limit;
    for (int i = from; i < to; i++) {
      grad[i] = Math.max(-high, Math.min(high, grad[i]));
    }
  }
}
