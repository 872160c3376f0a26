package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.Limits;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import java.util.Arrays;

/**
 * The resizing of one axis: for each output index, the first of its neighbours and their weights.
 *
 * @param first may lie outside the input, where the nearest element inside stands for it
 * @param outside whether the coordinate lies outside the input
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record ResizeAxis(int[] first, double[][] weights, boolean[] outside) {

  static ResizeAxis of(ResizeRule rule, int input, int size, double scale) {
    return of(rule, input, size, scale, 0, 1);
  }

  static ResizeAxis of(
      ResizeRule rule, int input, int size, double scale, double start, double end) {
    Limits.elements(size);
    Check.that(scale > 1e-6, "Resize by a scale of %s", scale);
    int[] first = new int[size];
    double[][] weights = new double[size][];
    boolean[] outside = new boolean[size];
    for (int i = 0; i < size; i++) {
      double x = rule.coordinate(i, input, size, scale, start, end);
      int left = (int) Math.ceil(x) - 1;
      weights[i] = rule.weights(x - left, scale);
      first[i] = left - weights[i].length / 2 + 1;
      outside[i] = x < 0 || x > input - 1;
      if (rule.excludeOutside()) {
        for (int n = 0; n < weights[i].length; n++) {
          weights[i][n] = first[i] + n < 0 || first[i] + n >= input ? 0 : weights[i][n];
        }
        weights[i] = ResizeRule.normalised(weights[i]);
      }
    }
    return new ResizeAxis(first, weights, outside);
  }

  /** Resizes one axis of a tensor. */
  OnnxTensor apply(Call call, OnnxTensor x, int axis) {
    int[] dims = x.dims().clone();
    int input = dims[axis];
    dims[axis] = first.length;
    double[] y = new double[Limits.elements(dims)];
    call.spend(y.length, weights[0].length);
    int inner = Shapes.product(dims, axis + 1, dims.length);
    Arrays.setAll(
        y,
        i -> {
          int place = i / inner % first.length;
          int plane = i / inner / first.length * input;
          double sum = 0;
          for (int n = 0; n < weights[place].length; n++) {
            double weight = weights[place][n];
            int from = Math.clamp(first[place] + n, 0, input - 1);
            sum += weight == 0 ? 0 : weight * x.real((plane + from) * inner + i % inner);
          }
          return sum;
        });
    // Rounded once an axis: no test of whole numbers has a fraction on the way.
    return x.isReal()
        ? OnnxTensor.ofReals(x.type(), y, dims)
        : OnnxTensor.ofWholes(x.type(), Arrays.stream(y).mapToLong(Math::round).toArray(), dims);
  }
}
