package dev.lanewise.nn.layer;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Normalization.Epilogue;
import java.util.Arrays;
import java.util.List;

/**
 * A residual block (He et al. 2016): {@code activation(body(x) + shortcut(x))}.
 *
 * <p>The layers of the body stand under their own names, without one for the body. Its last layer,
 * the sum and the activation run as one where that layer is {@link Fusing}.
 */
public final class Residual extends Container {

  private final Sequential body;
  private final Activation activation;
  private String shortcut;

  /** A block whose result is the sum. */
  public Residual(Sequential body) {
    this(body, Activation.IDENTITY);
  }

  /** A block with an activation after the sum. */
  public Residual(Sequential body, Activation activation) {
    this.body = body;
    this.activation = activation;
    body.children().forEach(this::append);
  }

  /**
   * Has the input pass a layer before it is added.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Residual shortcut(String name, Layer layer) {
    append(name, layer);
    shortcut = name;
    return this;
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    Tensor added = shortcut == null ? input : call(shortcut, input, context);
    return body.forward(input, new Epilogue(added, activation), context);
  }

  @Override
  public Flow trace(Flow input, Trace trace) {
    Flow output = body.trace(input, trace);
    Flow added = shortcut == null ? input : follow(shortcut, input, trace);
    Check.that(
        Arrays.equals(output.shape(), added.shape()),
        "a residual block's body gives %s, its shortcut %s",
        output,
        added);
    Flow sum = output.joined(added);
    trace.join(new Operator.Sum(activation), List.of(output, added), sum);
    return sum;
  }
}
