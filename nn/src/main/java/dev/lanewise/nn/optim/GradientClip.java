package dev.lanewise.nn.optim;

import dev.lanewise.kernels.shape.Check;

/**
 * How large gradients may be.
 *
 * @param norm of all together; longer ones are shortened to it
 * @param value of each element; others are brought to it, before the norm is taken
 */
public record GradientClip(double norm, float value) {

  /** As large as they come. */
  public static final GradientClip NONE =
      new GradientClip(Double.POSITIVE_INFINITY, Float.POSITIVE_INFINITY);

  /**
   * Validates the limits.
   *
   * @throws IllegalArgumentException if one is not above 0
   */
  public GradientClip {
    Check.that(norm > 0, "the largest gradient norm must be above 0, is %s", norm);
    Check.that(value > 0, "the largest gradient value must be above 0, is %s", value);
  }

  /** Limits the gradients' values and returns the factor that limits their norm. */
  public float apply(Gradients gradients) {
    if (value < Float.POSITIVE_INFINITY) {
      gradients.clamp(value);
    }
    return norm < Double.POSITIVE_INFINITY ? gradients.scale(norm) : 1;
  }
}
