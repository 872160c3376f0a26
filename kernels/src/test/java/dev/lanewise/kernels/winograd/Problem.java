package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** A convolution with its planar operands. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Problem(ConvShape shape, float[] input, float[] filter, float[] bias) {

  static Problem of(ConvShape shape, ToDoubleFunction<Random> values) {
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
  Problem image(int index) {
    int length = input.length / shape.batch();
    return new Problem(
        shape.batch(1),
        Arrays.copyOfRange(input, index * length, (index + 1) * length),
        filter,
        bias);
  }

  /** The planar output of an algorithm. */
  float[] run(Algorithm algorithm, Workers workers) {
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
  double[] expected() {
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    int taps = shape.kernelTaps();
    int pixels = shape.outputPixels();
    int inPixels = shape.inputPixels();
    double[] output = new double[shape.batch() * shape.outChannels() * pixels];
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int tap = 0; tap < taps; tap++) {
        int position = position(pixel, tap);
        for (int plane = 0; position >= 0 && plane < output.length / pixels; plane++) {
          int image = plane / shape.outChannels();
          int out = plane % shape.outChannels();
          int in = image * shape.inChannels() + out / outPerGroup * inPerGroup;
          double sum = 0;
          for (int c = 0; c < inPerGroup; c++) {
            sum +=
                (double) input[(in + c) * inPixels + position]
                    * filter[(out * inPerGroup + c) * taps + tap];
          }
          output[plane * pixels + pixel] += sum;
        }
      }
    }
    for (int i = 0; i < output.length; i++) {
      output[i] += bias[i / pixels % shape.outChannels()];
    }
    return output;
  }

  /** The input pixel that a tap of an output pixel reads, or -1 in the padding. */
  private int position(int pixel, int tap) {
    int position = 0;
    int scale = 1;
    for (int a = shape.axes().size() - 1; a >= 0; a--) {
      Axis axis = shape.axes().get(a);
      int at = axis.position(pixel % axis.output(), tap % axis.kernel());
      if (at < 0 || at >= axis.input()) {
        return -1;
      }
      position += at * scale;
      scale *= axis.input();
      pixel /= axis.output();
      tap /= axis.kernel();
    }
    return position;
  }
}
