package dev.lanewise.models.onnx.tensor;

import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;

/**
 * What one graph may spend: a few bytes of a hostile file can ask for days of work or for more
 * memory than there is. What real models need stays far below.
 */
public final class Budget {

  /** Passes of innermost loops; half a minute of the slowest. */
  private static final double MOST_STEPS = 0x1p32;

  /** Elements of all computed tensors of a graph together; as floats, 512 MiB. */
  private static final long MOST_ELEMENTS = 1L << 27;

  private double steps;
  private long elements;

  /**
   * Takes the product of the factors from the steps that are left.
   *
   * @param operator for the message
   * @throws IllegalArgumentException if fewer are left
   */
  public void spend(String operator, double... factors) {
    double wanted = Arrays.stream(factors).reduce(1, (a, b) -> a * b);
    steps += wanted;
    Check.that(
        steps <= MOST_STEPS,
        "%s would take %.0f steps; a graph is allowed %.0f",
        operator,
        wanted,
        MOST_STEPS);
  }

  /**
   * Counts a tensor that stays until the graph is done.
   *
   * @throws IllegalArgumentException if all together have too many elements
   */
  public void keep(OnnxTensor tensor) {
    elements += tensor.size();
    Check.that(
        elements <= MOST_ELEMENTS,
        "the tensors of a graph have more than the %d elements allowed",
        MOST_ELEMENTS);
  }
}
