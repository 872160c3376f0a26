package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Layers one after the other, each with a name; a parameter's name in the state dict is the layer's
 * name, a dot, and its own.
 */
public final class Sequential implements Layer {

  private final Map<String, Layer> layers = new LinkedHashMap<>();

  /** An empty sequence, which passes its input on. */
  public Sequential() {}

  /**
   * Appends a layer.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Sequential add(String name, Layer layer) {
    Objects.requireNonNull(layer, "layer");
    Check.that(
        layers.putIfAbsent(Objects.requireNonNull(name, "name"), layer) == null,
        "layer name '%s' stands twice",
        name);
    return this;
  }

  /** The layers by name, in order. */
  public Map<String, Layer> layers() {
    return Collections.unmodifiableMap(layers);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    Tensor x = Objects.requireNonNull(input, "input");
    for (Map.Entry<String, Layer> entry : layers.entrySet()) {
      Layer layer = entry.getValue();
      Tensor given = x;
      x = named(entry.getKey(), () -> layer.forward(given, context));
      if (!(layer instanceof Sequential)) {
        context.observed(layer, x);
      }
    }
    return x;
  }

  @Override
  public int[] outputShape(int... inputShape) {
    int[] shape = inputShape.clone();
    for (Map.Entry<String, Layer> entry : layers.entrySet()) {
      int[] given = shape;
      shape = named(entry.getKey(), () -> entry.getValue().outputShape(given));
    }
    return shape;
  }

  /** Has a refusal name the layer. */
  private static <T> T named(String name, Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException("layer " + name + ": " + refused.getMessage(), refused);
    }
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    layers.forEach(
        (name, layer) ->
            layer.parameters().forEach((own, tensor) -> all.put(name + "." + own, tensor)));
    return all;
  }

  @Override
  public void initialize(Random random) {
    layers.values().forEach(layer -> layer.initialize(random));
  }
}
