package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Seeds;
import dev.lanewise.nn.Tensor;

/**
 * Zeroes what chance picks and divides the rest by the chance of being left (Srivastava et al.
 * 2014).
 *
 * <p>What is picked follows from the context's seed and the number of the element, channel or
 * sample: it is the same for any number of threads, and need not be stored.
 */
public final class Dropout extends Operation {

  /** What is dropped as a whole. */
  public enum Unit {
    /** Each element on its own. */
    ELEMENT,
    /** A channel of an image (Tompson et al. 2015). */
    CHANNEL,
    /** All of a sample: stochastic depth (Huang et al. 2016), torchvision's mode "row". */
    SAMPLE
  }

  private final float rate;
  private final Unit unit;
  private final long seed;

  private Dropout(float rate, Unit unit, long seed, Context context, Tensor x) {
    super(context, x);
    this.rate = rate;
    this.unit = unit;
    this.seed = seed;
  }

  /**
   * Drops in training; in use it is the input itself.
   *
   * @param rate chance of a unit to be dropped, from 0 to 1
   * @throws IllegalArgumentException if the rate is out of range
   */
  public static Tensor apply(Tensor x, float rate, Unit unit, Context context) {
    Check.that(rate >= 0 && rate <= 1, "a dropout's rate must be from 0 to 1, is %s", rate);
    if (!context.training() || rate == 0) {
      return x;
    }
    Dropout dropout = new Dropout(rate, unit, context.nextSeed(), context, x);
    float[] out = context.buffer(x.data().length);
    dropout.scale(x.data(), out);
    return dropout.output(x.layout(), out, x.shape());
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    scale(y.grad(), y.grad());
    pass(0, y);
  }

  private void scale(float[] in, float[] out) {
    int[] dims = input(0).shape();
    boolean blocked = input(0).layout() == Layout.NCHW16C;
    int pixels = Spans.product(dims, Math.min(2, dims.length), dims.length);
    int sample = in.length / dims[0];
    float factor = rate == 1 ? 0 : 1 / (1 - rate);
    Ranges.run(
        context().workers(),
        in.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            long id =
                switch (unit) {
                  case ELEMENT -> i;
                  case CHANNEL ->
                      blocked
                          ? i / (pixels * Layout.BLOCK) * Layout.BLOCK + i % Layout.BLOCK
                          : i / pixels;
                  case SAMPLE -> i / sample;
                };
            out[i] = Seeds.uniform(seed, id) < rate ? 0 : in[i] * factor;
          }
        });
  }
}
