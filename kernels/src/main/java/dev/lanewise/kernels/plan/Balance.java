package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;

/**
 * How evenly an algorithm divides its estimated work: all workers wait for the one that has most.
 *
 * @param workers how many share the work
 * @param largest estimated work of the largest share, summed over stages
 * @param mean estimated work of all shares, divided by the workers
 */
public record Balance(int workers, double largest, double mean) {

  /**
   * The balance of an algorithm on a shape, without running anything.
   *
   * @throws IllegalArgumentException if the algorithm cannot compute the shape or there are no
   *     workers
   */
  public static Balance of(ConvShape shape, Algorithm algorithm, int workers) {
    Check.positive("workers", workers);
    return of(algorithm.prepare(shape, workers), workers);
  }

  /** The balance of an algorithm that is already prepared. */
  public static Balance of(ConvAlgorithm prepared, int workers) {
    double largest = 0;
    double sum = 0;
    for (int stage = 0; stage < prepared.stages(workers); stage++) {
      double largestOfStage = 0;
      for (int worker = 0; worker < workers; worker++) {
        double cost = prepared.cost(stage, worker, workers);
        largestOfStage = Math.max(largestOfStage, cost);
        sum += cost;
      }
      largest += largestOfStage;
    }
    return new Balance(workers, largest, sum / workers);
  }

  /** The largest share as a multiple of the mean: 1 is even. */
  public double ratio() {
    return mean == 0 ? 1 : largest / mean;
  }
}
