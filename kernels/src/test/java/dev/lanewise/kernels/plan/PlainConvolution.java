package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;

/** Convolution as its definition says, over planar arrays, summed in double. */
public final class PlainConvolution {

  private PlainConvolution() {}

  /** The output, rounded. */
  public static float[] run(ConvShape shape, float[] input, float[] filter, float[] bias) {
    double[] sums = sums(shape, input, filter, bias);
    float[] output = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      output[i] = (float) sums[i];
    }
    return output;
  }

  /** The output as summed. */
  public static double[] sums(ConvShape shape, float[] input, float[] filter, float[] bias) {
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    int taps = shape.kernelTaps();
    int pixels = shape.outputPixels();
    double[] output = new double[shape.batch() * shape.outChannels() * pixels];
    for (int i = 0; i < output.length; i++) {
      output[i] = bias[i / pixels % shape.outChannels()];
    }
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int tap = 0; tap < taps; tap++) {
        int position = position(shape, pixel, tap);
        for (int plane = 0; position >= 0 && plane < output.length / pixels; plane++) {
          int image = plane / shape.outChannels();
          int out = plane % shape.outChannels();
          int in = image * shape.inChannels() + out / outPerGroup * inPerGroup;
          double sum = 0;
          for (int c = 0; c < inPerGroup; c++) {
            sum +=
                (double) input[(in + c) * shape.inputPixels() + position]
                    * filter[(out * inPerGroup + c) * taps + tap];
          }
          output[plane * pixels + pixel] += sum;
        }
      }
    }
    return output;
  }

  /** The input pixel that a tap of an output pixel reads, or -1 in the padding. */
  private static int position(ConvShape shape, int pixel, int tap) {
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
