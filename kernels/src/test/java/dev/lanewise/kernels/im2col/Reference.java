package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;

/** The definition of convolution, term by term, in planar layout. */
public final class Reference {

  /** One product of the definition, by indices into input, filter and output. */
  public interface Term {
    void add(int input, int filter, int output);
  }

  private Reference() {}

  /** Shapes of every kind: borders, strides, dilation, groups, odd channels, one to three axes. */
  public static List<ConvShape> shapes() {
    return List.of(
        ConvShape.conv2d(2, 1, 12, 11, 6, 5, 5),
        ConvShape.conv2d(3, 6, 9, 10, 16, 5, 5),
        ConvShape.conv2d(2, 16, 5, 5, 120, 5, 5),
        ConvShape.conv2d(1, 3, 23, 22, 20, 7, 7).stride(2).padding(3),
        ConvShape.conv2d(1, 64, 13, 14, 48, 1, 1),
        ConvShape.conv2d(2, 19, 7, 6, 33, 1, 1),
        ConvShape.conv2d(1, 64, 9, 8, 40, 3, 3).padding(1),
        ConvShape.conv2d(1, 17, 9, 8, 70, 3, 2).padding(new int[] {2, 0}, new int[] {1, 3}),
        ConvShape.conv2d(1, 5, 15, 17, 9, 3, 3).dilation(2, 3).padding(2).stride(2, 1),
        ConvShape.conv2d(2, 24, 6, 7, 24, 3, 3).groups(24).padding(1),
        ConvShape.conv2d(1, 24, 6, 7, 36, 3, 3).groups(4).padding(1),
        ConvShape.conv2d(1, 64, 6, 7, 96, 3, 3).groups(2).padding(1),
        ConvShape.conv2d(1, 32, 6, 7, 96, 1, 1).groups(2),
        ConvShape.conv2d(1, 10, 6, 7, 40, 1, 1).groups(2).padding(1),
        ConvShape.conv2d(1, 130, 4, 4, 80, 3, 3).groups(2).padding(1),
        ConvShape.conv2d(1, 3, 4, 4, 5, 4, 4).padding(4).stride(3),
        ConvShape.conv1d(2, 18, 40, 20, 5).stride(2).padding(2),
        ConvShape.conv1d(1, 1, 3, 1, 3),
        ConvShape.conv3d(1, 7, 6, 5, 7, 18, 3).padding(1).stride(2, 1, 1),
        ConvShape.conv3d(2, 4, 5, 4, 3, 3, 2).dilation(2, 1, 1).padding(1));
  }

  /** Visits every product whose input lies inside. */
  public static void visit(ConvShape shape, Term term) {
    int inGroup = shape.inChannels() / shape.groups();
    int outGroup = shape.outChannels() / shape.groups();
    for (int n = 0; n < shape.batch(); n++) {
      for (int oc = 0; oc < shape.outChannels(); oc++) {
        for (int p = 0; p < shape.outputPixels(); p++) {
          for (int c = 0; c < inGroup; c++) {
            for (int t = 0; t < shape.kernelTaps(); t++) {
              int seen = position(shape.axes(), p, t);
              if (seen >= 0) {
                int channel = oc / outGroup * inGroup + c;
                term.add(
                    (n * shape.inChannels() + channel) * shape.inputPixels() + seen,
                    (oc * inGroup + c) * shape.kernelTaps() + t,
                    (n * shape.outChannels() + oc) * shape.outputPixels() + p);
              }
            }
          }
        }
      }
    }
  }

  /** Input pixel that an output pixel sees through a tap, or -1 in the padding. */
  private static int position(List<Axis> axes, int pixel, int tap) {
    int seen = 0;
    int scale = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      int at =
          pixel % axis.output() * axis.stride()
              - axis.padBefore()
              + tap % axis.kernel() * axis.dilation();
      if (at < 0 || at >= axis.input()) {
        return -1;
      }
      seen += at * scale;
      scale *= axis.input();
      pixel /= axis.output();
      tap /= axis.kernel();
    }
    return seen;
  }
}
