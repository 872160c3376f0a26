package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.Chain;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.reference.ReferenceActivation;
import dev.lanewise.verify.reference.ReferenceConvolution;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain whose loss {@code <chain(x), y>} has exact derivatives: data are small integers, and the
 * bias of each link adds half of the least step of its sums, so that no sum lies at a kink of a
 * piecewise linear activation and every difference over a small step is the derivative.
 */
final class ExactChain {

  private static final int LIMIT = 1;

  /** So small that no sum reaches a kink, so large that doubles hold every difference. */
  private static final double STEP = 0x1p-24;

  final Chain chain;
  final List<float[]> filters = new ArrayList<>();
  final List<float[]> biases = new ArrayList<>();
  private final List<ReferenceConvolution> references = new ArrayList<>();

  /** Random parameters of a chain; biases are zero if all its links are linear. */
  ExactChain(Chain chain, Data data) {
    this.chain = chain;
    boolean linear =
        chain.links().stream().allMatch(link -> link.activation().equals(Activation.IDENTITY));
    float half = linear ? 0 : 0.5f;
    for (Link link : chain.links()) {
      ConvShape shape = link.shape();
      filters.add(data.integers(shape.filterLength(), LIMIT));
      float[] bias = linear ? new float[shape.outChannels()] : bias(shape, data);
      for (int i = 0; i < bias.length; i++) {
        bias[i] += half;
      }
      biases.add(bias);
      references.add(new ReferenceConvolution(shape));
      half /= 2;
    }
  }

  private static float[] bias(ConvShape shape, Data data) {
    return data.integers(shape.outChannels(), LIMIT);
  }

  /** Derivative of the loss by an element of the input; all arrays row-major. */
  double byInput(float[] input, float[] gradOutput, int element) {
    double[] operand = Floats.doubles(input);
    return slope(operand, element, operand, doubles(filters), doubles(biases), gradOutput);
  }

  /** Derivative of the loss by an element of a link's filter. */
  double byFilter(float[] input, float[] gradOutput, int link, int element) {
    List<double[]> all = doubles(filters);
    return slope(all.get(link), element, Floats.doubles(input), all, doubles(biases), gradOutput);
  }

  /** Derivative of the loss by an element of a link's bias. */
  double byBias(float[] input, float[] gradOutput, int link, int element) {
    List<double[]> all = doubles(biases);
    return slope(all.get(link), element, Floats.doubles(input), doubles(filters), all, gradOutput);
  }

  private double slope(
      double[] operand,
      int element,
      double[] input,
      List<double[]> filterValues,
      List<double[]> biasValues,
      float[] gradOutput) {
    operand[element] += STEP;
    double[] above = forward(input, filterValues, biasValues);
    operand[element] -= 2 * STEP;
    double[] below = forward(input, filterValues, biasValues);
    double sum = 0;
    for (int i = 0; i < above.length; i++) {
      sum += (above[i] - below[i]) * gradOutput[i];
    }
    return sum / (2 * STEP);
  }

  private double[] forward(double[] input, List<double[]> filterValues, List<double[]> biasValues) {
    double[] values = input;
    for (int i = 0; i < references.size(); i++) {
      values = references.get(i).forward(values, filterValues.get(i), biasValues.get(i));
      Activation activation = chain.links().get(i).activation();
      for (int j = 0; j < values.length; j++) {
        values[j] = ReferenceActivation.value(activation, values[j]);
      }
    }
    return values;
  }

  private static List<double[]> doubles(List<float[]> all) {
    return all.stream().map(Floats::doubles).toList();
  }
}
