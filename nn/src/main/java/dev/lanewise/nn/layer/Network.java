package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A named architecture with its parameters. */
public final class Network {

  private final String name;
  private final int[] inputShape;
  private final Sequential body;

  /**
   * A network around its layers.
   *
   * @param name the registry's name, such as {@code lenet5}
   * @param inputShape the usual input of one sample, {@code [channels, height, width]}
   * @param body the layers
   */
  public Network(String name, int[] inputShape, Sequential body) {
    this.name = Objects.requireNonNull(name, "name");
    this.inputShape = inputShape.clone();
    this.body = Objects.requireNonNull(body, "body");
  }

  /** The registry's name. */
  public String name() {
    return name;
  }

  /** The usual input of one sample, {@code [channels, height, width]}. */
  public int[] inputShape() {
    return inputShape.clone();
  }

  /** The layers. */
  public Sequential body() {
    return body;
  }

  /** The usual input of a batch, {@code [batch, channels, height, width]}. */
  public int[] batchShape(int batch) {
    int[] shape = new int[inputShape.length + 1];
    shape[0] = batch;
    System.arraycopy(inputShape, 0, shape, 1, inputShape.length);
    return shape;
  }

  /**
   * Computes the output, such as a row of class scores a sample.
   *
   * @throws IllegalArgumentException if the input's shape does not fit, naming the layer and both
   *     shapes
   */
  public Tensor forward(Tensor input, Context context) {
    return body.forward(input, context);
  }

  /** The live parameters under their state-dict names, in that order. */
  public Map<String, Tensor> parameters() {
    return body.parameters();
  }

  /** The number of trained values. */
  public long parameterCount() {
    return parameters().values().stream().mapToLong(Tensor::size).sum();
  }

  /** Layers that are not containers, under their full names, in order. */
  public Map<String, Layer> leaves() {
    Map<String, Layer> leaves = new LinkedHashMap<>();
    collect("", body, leaves);
    return leaves;
  }

  private static void collect(String prefix, Sequential container, Map<String, Layer> leaves) {
    container
        .layers()
        .forEach(
            (name, layer) -> {
              if (layer instanceof Sequential inner) {
                collect(prefix + name + ".", inner, leaves);
              } else {
                leaves.put(prefix + name, layer);
              }
            });
  }

  /** Sets all parameters to the random starting values of a seed. */
  public Network initialize(long seed) {
    body.initialize(new Random(seed));
    return this;
  }

  /**
   * Copies values into the parameters.
   *
   * @throws IllegalArgumentException if a parameter is missing, has another shape, or a name is
   *     unknown; nothing is changed then
   */
  public Network load(Map<String, Tensor> values) {
    Map<String, Tensor> parameters = parameters();
    parameters.forEach(
        (key, parameter) -> {
          Tensor value = values.get(key);
          Check.that(value != null, "%s needs parameter %s, which is not given", name, key);
          Check.that(
              Tensor.text(parameter.shape()).equals(Tensor.text(value.shape())),
              "parameter %s of %s has shape %s, not %s",
              key,
              name,
              Tensor.text(parameter.shape()),
              Tensor.text(value.shape()));
        });
    for (String key : values.keySet()) {
      Check.that(
          parameters.containsKey(key),
          "%s has no parameter %s; it has %s",
          name,
          key,
          parameters.keySet());
    }
    parameters.forEach(
        (key, parameter) -> {
          float[] value = values.get(key).values();
          System.arraycopy(value, 0, parameter.data(), 0, value.length);
          parameter.changed();
        });
    return this;
  }

  /** Forgets all gradients. */
  public void zeroGrad() {
    parameters().values().forEach(Tensor::zeroGrad);
  }
}
