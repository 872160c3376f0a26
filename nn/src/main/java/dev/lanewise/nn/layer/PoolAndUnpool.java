package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Pooling;
import dev.lanewise.nn.op.Unpooling;
import java.util.Arrays;

/**
 * Max pooling, layers that see the maxima, and unpooling of what they give: each value goes back to
 * where its maximum was found, with zeros around it (Zeiler and Fergus 2014; Badrinarayanan,
 * Kendall and Cipolla 2017). The output has the shape of the input.
 *
 * <p>The layers between stand under their own names; they are to keep the shape.
 */
public final class PoolAndUnpool extends Container {

  private final Pool pool;
  private final Sequential between;

  /**
   * A pair of poolings around layers.
   *
   * @param pool takes maxima over windows that do not overlap
   * @param between the layers between them
   * @throws IllegalArgumentException if the pooling is another
   */
  public PoolAndUnpool(Pool pool, Sequential between) {
    Check.that(pool.unpoolable(), "only maxima over windows side by side can be unpooled");
    this.pool = pool;
    this.between = between;
    between.children().forEach(this::append);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    Pooling.Maxima maxima = Pooling.maxima(input, pool.problem(input.shape()), context);
    Tensor output = between.forward(maxima.values(), context);
    requireShape(maxima.values().shape(), output.shape());
    int[] shape = input.shape();
    int[] size = Arrays.copyOfRange(shape, 2, shape.length);
    return Unpooling.apply(output, maxima.indices(), context, size);
  }

  /** The pair and the layers between are one step, for where maxima stood is no tensor. */
  @Override
  public Flow trace(Flow input, Trace trace) {
    Flow output = inner(input, Trace.silent());
    trace.leaf(this, input, output);
    return output;
  }

  private Flow inner(Flow input, Trace trace) {
    Flow pooled = input.through(pool);
    Flow output = between.trace(pooled, trace);
    requireShape(pooled.shape(), output.shape());
    return input.joined(output);
  }

  @Override
  public long multiplyAdds(int... inputShape) {
    long[] sum = new long[1];
    Trace counting =
        Trace.whole((path, layer, in, out) -> sum[0] += layer.multiplyAdds(in.shape()));
    inner(Flow.of(inputShape), counting);
    return sum[0];
  }

  private static void requireShape(int[] pooled, int... output) {
    Check.that(
        Arrays.equals(pooled, output),
        "layers between a pooling and its unpooling must keep the shape %s, give %s",
        Tensor.text(pooled),
        Tensor.text(output));
  }
}
