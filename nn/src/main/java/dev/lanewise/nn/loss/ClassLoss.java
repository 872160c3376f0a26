package dev.lanewise.nn.loss;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;

/** A loss of a classifier's scores. */
@FunctionalInterface
public interface ClassLoss {

  /**
   * The mean loss over a batch.
   *
   * @param scores {@code [n, classes]}, before any softmax
   * @param labels what the n rows are
   * @throws IllegalArgumentException if there is not one label a row, or one is not a class
   */
  Tensor of(Tensor scores, Labels labels, Context context);
}
