package dev.lanewise.verify.golden;

import dev.lanewise.nn.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Weights and inputs of the golden networks: a formula in place of a file, exact in float32.
 *
 * <p>A name is hashed by FNV-1a; the hash seeds SplitMix64, whose 24 highest bits make each value.
 */
final class GoldenWeights {

  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final String INPUT = "input";

  private final String salt;

  /** The weights of one salt, which is often empty. */
  GoldenWeights(String salt) {
    this.salt = salt;
  }

  /** Values in [-1, 1) that belong to a name. */
  float[] uniform(String name, int length) {
    long hash = FNV_OFFSET;
    for (byte b : (salt + name).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      long z = hash + (i + 1) * GOLDEN_GAMMA;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z = z ^ (z >>> 31);
      values[i] = (z >>> 40) * 0x1p-23f - 1;
    }
    return values;
  }

  /** The network's input. */
  Tensor input(int... shape) {
    return Tensor.of(uniform(INPUT, Tensor.zeros(shape).size()), shape);
  }

  /** Sets every parameter by its state-dict name. */
  void fill(Map<String, Tensor> parameters) {
    parameters.forEach(
        (name, parameter) -> {
          float[] u = uniform(name, parameter.size());
          float[] data = parameter.data();
          float offset = isNormWeight(parameters, name) ? 1 : 0;
          float scale = scale(parameters, name);
          for (int i = 0; i < data.length; i++) {
            data[i] = offset + scale * u[i];
          }
        });
  }

  private static float scale(Map<String, Tensor> parameters, String name) {
    if (isNorm(parameters, name)) {
      return 0.2f;
    }
    if (name.endsWith("bias")) {
      return 0.1f;
    }
    Tensor weight = parameters.get(name);
    int fanIn = weight.size() / weight.dim(0);
    return (float) Math.sqrt(6.0 / fanIn);
  }

  private static boolean isNormWeight(Map<String, Tensor> parameters, String name) {
    return name.endsWith("weight") && parameters.get(name).rank() == 1;
  }

  /** Whether a weight or bias belongs to a normalisation, whose weight is one value a channel. */
  private static boolean isNorm(Map<String, Tensor> parameters, String name) {
    String weight = name.substring(0, name.lastIndexOf('.') + 1) + "weight";
    return parameters.containsKey(weight) && isNormWeight(parameters, weight);
  }
}
