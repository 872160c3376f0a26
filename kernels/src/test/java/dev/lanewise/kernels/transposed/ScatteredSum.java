package dev.lanewise.kernels.transposed;

import java.util.List;

/** The definition of transposed convolution, product by product, in planar layout. */
final class ScatteredSum {

  private ScatteredSum() {}

  /** Adds to {@code output}, which holds the bias and residual or zeros. */
  static void add(TransposedShape shape, float[] input, float[] filter, float[] output) {
    int inPixels = pixels(shape, true);
    int outPixels = pixels(shape, false);
    int inGroup = shape.inChannels() / shape.groups();
    int outGroup = shape.outChannels() / shape.groups();
    for (int plane = 0; plane < shape.batch() * shape.inChannels(); plane++) {
      int image = plane / shape.inChannels();
      int channel = plane % shape.inChannels();
      for (int p = 0; p < inPixels; p++) {
        for (int t = 0; t < shape.kernelTaps(); t++) {
          int seen = position(shape.axes(), p, t);
          for (int o = 0; o < outGroup && seen >= 0; o++) {
            int out = image * shape.outChannels() + channel / inGroup * outGroup + o;
            output[out * outPixels + seen] +=
                input[plane * inPixels + p]
                    * filter[(channel * outGroup + o) * shape.kernelTaps() + t];
          }
        }
      }
    }
  }

  private static int pixels(TransposedShape shape, boolean input) {
    return shape.axes().stream()
        .mapToInt(axis -> input ? axis.input() : axis.output())
        .reduce(1, (a, b) -> a * b);
  }

  /** Output pixel that an input pixel reaches through a tap, or -1 where it is cut off. */
  private static int position(List<TransposedAxis> axes, int pixel, int tap) {
    int reached = 0;
    int scale = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      TransposedAxis axis = axes.get(i);
      int at =
          pixel % axis.input() * axis.stride()
              + tap % axis.kernel() * axis.dilation()
              - axis.padBefore();
      if (at < 0 || at >= axis.output()) {
        return -1;
      }
      reached += at * scale;
      scale *= axis.output();
      pixel /= axis.input();
      tap /= axis.kernel();
    }
    return reached;
  }
}
