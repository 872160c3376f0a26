package dev.lanewise.kernels;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PlainConvolution;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** A convolution with its planar operands. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Problem(ConvShape shape, float[] input, float[] filter, float[] bias) {

  public static Problem of(ConvShape shape, ToDoubleFunction<Random> values) {
    Random random = new Random(shape.hashCode());
    return new Problem(
        shape,
        floats(Layout.NCHW.length(shape.inputDims()), random, values),
        floats(shape.filterLength(), random, values),
        floats(shape.outChannels(), random, values));
  }

  private static float[] floats(int length, Random random, ToDoubleFunction<Random> values) {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = (float) values.applyAsDouble(random);
    }
    return floats;
  }

  /** One image as a problem of its own. */
  public Problem image(int index) {
    int length = input.length / shape.batch();
    return new Problem(
        shape.batch(1),
        Arrays.copyOfRange(input, index * length, (index + 1) * length),
        filter,
        bias);
  }

  /** The planar output of an algorithm. */
  public float[] run(Algorithm algorithm, Workers workers) {
    ConvOptions options = ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(workers);
    ConvPlan plan = ConvPlan.of(shape, options);
    float[] output = new float[plan.outputLength()];
    Arrays.fill(output, Float.NaN);
    plan.run(
        Reorder.to(shape.inputDims(), Layout.NCHW, input, Layout.NCHW16C),
        plan.pack(filter, bias),
        output);
    return Reorder.to(shape.outputDims(), Layout.NCHW16C, output, Layout.NCHW);
  }

  /** The planar output as the definition says, in double. */
  public double[] expected() {
    return PlainConvolution.sums(shape, input, filter, bias);
  }
}
