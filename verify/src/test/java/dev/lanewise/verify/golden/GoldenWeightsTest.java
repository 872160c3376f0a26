package dev.lanewise.verify.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.nn.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoldenWeightsTest {

  private final GoldenWeights weights = new GoldenWeights("");

  @Test
  void theInputBeginsWithThePublishedValues() {
    float[] published = {-0.80436337f, 0.30472076f, -0.5927515f, -0.45111072f};
    assertArrayEquals(published, weights.uniform("input", 4));
    assertArrayEquals(published, weights.input(1, 1, 2, 2).values());
  }

  @Test
  void aSaltGivesOtherValues() {
    assertNotEquals(weights.uniform("input", 1)[0], new GoldenWeights("x").uniform("input", 1)[0]);
  }

  @Test
  void eachKindOfParameterHasItsScale() {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    parameters.put("conv.weight", Tensor.parameter(4, 3, 2, 2));
    parameters.put("conv.bias", Tensor.parameter(4));
    parameters.put("bn.weight", Tensor.parameter(4));
    parameters.put("bn.bias", Tensor.parameter(4));
    weights.fill(parameters);
    assertScaled(parameters, "conv.weight", 0, (float) Math.sqrt(6.0 / 12));
    assertScaled(parameters, "conv.bias", 0, 0.1f);
    assertScaled(parameters, "bn.weight", 1, 0.2f);
    assertScaled(parameters, "bn.bias", 0, 0.2f);
  }

  private void assertScaled(
      Map<String, Tensor> parameters, String name, float offset, float scale) {
    float[] values = parameters.get(name).values();
    float[] u = weights.uniform(name, values.length);
    for (int i = 0; i < u.length; i++) {
      assertEquals(offset + scale * u[i], values[i], name);
    }
  }
}
