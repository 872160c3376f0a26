package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A layer made of named others; a parameter's name in the state dict is the child's name, a dot,
 * and its own.
 *
 * <p>A subclass says twice how its children are wired: in {@link #forward} for tensors, in {@link
 * #trace} for shapes. It reaches its children by {@link #call} and {@link #follow}, which show them
 * to the context's observer and have a refusal name the full path of the layer.
 */
public abstract class Container implements Layer {

  private final Map<String, Layer> children = new LinkedHashMap<>();

  /** A container without children. */
  protected Container() {}

  /**
   * Appends a child.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  protected final void append(String name, Layer child) {
    Objects.requireNonNull(child, "layer");
    Check.that(
        children.putIfAbsent(Objects.requireNonNull(name, "name"), child) == null,
        "layer name '%s' stands twice",
        name);
  }

  @Override
  public final Map<String, Layer> children() {
    return Collections.unmodifiableMap(children);
  }

  @Override
  public abstract Flow trace(Flow input, Trace trace);

  @Override
  public final int[] outputShape(int... inputShape) {
    return trace(Flow.of(inputShape), Trace.silent()).shape();
  }

  /** The output of a child. */
  protected final Tensor call(String name, Tensor input, Context context) {
    Layer child = children.get(name);
    Tensor output = named(name, () -> child.forward(input, context));
    context.observed(child, output);
    return output;
  }

  /** The flow out of a child. */
  protected final Flow follow(String name, Flow input, Trace trace) {
    return named(name, () -> trace.inside(name, () -> children.get(name).trace(input, trace)));
  }

  /** Has a refusal name the path of the layer. */
  static <T> T named(String name, Supplier<T> step) {
    try {
      return step.get();
    } catch (LayerRefusal refused) {
      throw refused.within(name);
    } catch (IllegalArgumentException refused) {
      throw new LayerRefusal(name, refused);
    }
  }

  @Override
  public final Map<String, Tensor> parameters() {
    return gathered(Layer::parameters);
  }

  @Override
  public final Map<String, Tensor> buffers() {
    return gathered(Layer::buffers);
  }

  private Map<String, Tensor> gathered(Function<Layer, Map<String, Tensor>> own) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    children.forEach(
        (name, child) -> own.apply(child).forEach((key, t) -> all.put(name + "." + key, t)));
    return all;
  }

  @Override
  public final void initialize(Initializer initializer, Random random) {
    children.values().forEach(child -> child.initialize(initializer, random));
  }
}
