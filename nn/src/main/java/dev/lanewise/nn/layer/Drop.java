package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Dropout;
import dev.lanewise.nn.op.Dropout.Unit;
import java.util.Locale;

/**
 * While training zeroes what chance picks and scales the rest, so that the mean is kept; in use
 * passes its input on.
 *
 * @param unit what is dropped as a whole
 * @param rate chance of a unit to be dropped, from 0 to 1
 */
public record Drop(Unit unit, float rate) implements Layer {

  /** Validates the rate. */
  public Drop {
    Check.that(rate >= 0 && rate <= 1, "a dropout's rate must be from 0 to 1, is %s", rate);
  }

  /** Dropout of each element (Srivastava et al. 2014). */
  public static Drop elements(float rate) {
    return new Drop(Unit.ELEMENT, rate);
  }

  /** Dropout of a channel of an image as a whole (Tompson et al. 2015). */
  public static Drop channels(float rate) {
    return new Drop(Unit.CHANNEL, rate);
  }

  /** Stochastic depth: dropout of all of a sample, for the body of a residual block. */
  public static Drop samples(float rate) {
    return new Drop(Unit.SAMPLE, rate);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return Dropout.apply(input, rate, unit, context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return inputShape.clone();
  }

  @Override
  public Operator operator(int... inputShape) {
    return new Operator.Identity();
  }

  @Override
  public String type() {
    String name = unit.name();
    return "Drop" + name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
