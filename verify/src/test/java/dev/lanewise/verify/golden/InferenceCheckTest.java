package dev.lanewise.verify.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.models.Models;
import dev.lanewise.nn.Tensor;
import dev.lanewise.verify.reference.ReferenceConvolution;
import dev.lanewise.verify.reference.ReferencePooling;
import dev.lanewise.verify.reference.ReferencePooling.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** LeNet-5 against a golden record that the references compute, whole and with one error each. */
class InferenceCheckTest {

  private static final int[] INPUT = {1, 1, 32, 32};

  private final Map<String, Tensor> parameters = Models.create("lenet5").parameters();
  private final Map<String, int[]> state = new LinkedHashMap<>();
  private final Map<String, Summary> layers = new LinkedHashMap<>();
  private long count = 61_706;
  private double[] output = lenet();

  private double[] lenet() {
    GoldenWeights weights = new GoldenWeights("");
    weights.fill(parameters);
    parameters.forEach((name, parameter) -> state.put(name, parameter.shape()));
    float[] x = weights.input(INPUT).values();
    x = pool("pool1", tanh(convolution("conv1", "ic1ih32oc6kh5", x)), 6, 28);
    x = pool("pool2", tanh(convolution("conv2", "ic6ih14oc16kh5", x)), 16, 10);
    x = tanh(convolution("conv3", "ic16ih5oc120kh5", x));
    x = tanh(convolution("fc1", "ic120ih1oc84kh1", x));
    return convolution("fc2", "ic84ih1oc10kh1", x);
  }

  private double[] convolution(String name, String text, float... input) {
    ConvShape shape = ConvShape.parse(text);
    double[] result =
        new ReferenceConvolution(shape)
            .forward(
                input,
                parameters.get(name + ".weight").data(),
                parameters.get(name + ".bias").data());
    int[] dims = shape.outputDims();
    record(name, result, name.startsWith("fc") ? new int[] {1, dims[1]} : dims);
    return result;
  }

  private float[] pool(String name, float[] input, int channels, int size) {
    PoolShape shape = PoolShape.pool2d(1, channels, size, size, 2, 2).stride(2);
    double[] result = new ReferencePooling(shape).forward(Kind.AVERAGE, input);
    record(name, result, shape.outputDims());
    return floats(result);
  }

  private void record(String name, double[] values, int... shape) {
    layers.put(name, Summary.of(Tensor.of(floats(values), shape)));
  }

  private static float[] tanh(double... values) {
    double[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.tanh(result[i]);
    }
    return floats(result);
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private Optional<String> fault() {
    return new GoldenFile.Inference(
            "lenet5", "", INPUT, count, Map.of(), state, layers, new int[] {1, 10}, output, 1e-7)
        .check()
        .fault();
  }

  private void assertFault(String expected) {
    String fault = fault().orElse("");
    assertTrue(fault.contains(expected), fault);
  }

  @Test
  void theModelAgrees() {
    assertEquals(Optional.empty(), fault());
  }

  @Test
  void anotherParameterCountIsAFault() {
    count++;
    assertFault("61,706 parameters, golden 61,707");
  }

  @Test
  void anotherParameterShapeIsAFault() {
    state.put("conv2.weight", new int[] {16, 6, 25});
    assertFault("conv2.weight has shape [16, 6, 5, 5], golden [16, 6, 25]");
  }

  @Test
  void theFirstLayerThatDepartsIsNamed() {
    Summary conv2 = layers.get("conv2");
    layers.put(
        "conv2",
        new Summary(
            conv2.shape(), conv2.mean() + 1e-3, conv2.rms(), conv2.absmax(), conv2.first()));
    layers.put("pool2", layers.get("pool1"));
    assertFault("first layer that departs: conv2: error");
  }

  @Test
  void aLayerThatIsMissingIsAFault() {
    layers.put("conv9", layers.get("conv2"));
    assertFault("conv9: is missing or never called");
  }

  @Test
  void anotherOutputIsAFault() {
    output = output.clone();
    output[3] += 1e-3;
    assertFault("output: error");
  }
}
