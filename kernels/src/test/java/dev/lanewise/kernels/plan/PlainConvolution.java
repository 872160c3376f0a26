package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;

/** Convolution as its definition says, over planar arrays, summed in double. */
public final class PlainConvolution {

  private PlainConvolution() {}

  public static float[] run(ConvShape shape, float[] input, float[] filter, float[] bias) {
    int inPerGroup = shape.inChannels() / shape.groups();
    int outPerGroup = shape.outChannels() / shape.groups();
    int taps = shape.kernelTaps();
    int pixels = shape.outputPixels();
    float[] output = new float[shape.batch() * shape.outChannels() * pixels];
    for (int i = 0; i < output.length; i++) {
      int image = i / pixels / shape.outChannels();
      int out = i / pixels % shape.outChannels();
      double sum = bias[out];
      for (int t = 0; t < taps; t++) {
        int position = position(shape, i % pixels, t);
        for (int c = 0; position >= 0 && c < inPerGroup; c++) {
          int in = image * shape.inChannels() + out / outPerGroup * inPerGroup + c;
          sum +=
              (double) input[in * shape.inputPixels() + position]
                  * filter[(out * inPerGroup + c) * taps + t];
        }
      }
      output[i] = (float) sum;
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
