package dev.lanewise.verify.reference;

import dev.lanewise.kernels.transposed.TransposedAxis;
import dev.lanewise.kernels.transposed.TransposedShape;
import java.util.List;

/**
 * Transposed convolution by its definition, in double precision: every input element adds itself
 * times the kernel to the outputs that lie around it.
 *
 * <p>Arrays are row-major: input {@code [n][inChannels][d][h][w]}, filter {@code
 * [inChannels][outChannels / groups][kd][kh][kw]}, bias {@code [outChannels]} or null, output
 * {@code [n][outChannels][d][h][w]}.
 */
public final class ReferenceTransposed {

  private static final TransposedAxis ABSENT = TransposedAxis.of(1, 1);

  private final TransposedShape shape;
  private final TransposedAxis depth;
  private final TransposedAxis height;
  private final TransposedAxis width;
  private final int outPlane;

  /** The definition for one shape. */
  public ReferenceTransposed(TransposedShape shape) {
    this.shape = shape;
    List<TransposedAxis> axes = shape.axes();
    int count = axes.size();
    depth = count >= 3 ? axes.get(count - 3) : ABSENT;
    height = count >= 2 ? axes.get(count - 2) : ABSENT;
    width = axes.getLast();
    outPlane = size(depth) * size(height) * size(width);
  }

  /** Output positions along an axis. */
  private static int size(TransposedAxis axis) {
    int reach = (axis.input() - 1) * axis.stride() + (axis.kernel() - 1) * axis.dilation() + 1;
    return reach - axis.padBefore() - axis.padAfter() + axis.outputPadding();
  }

  /** All output elements. */
  public double[] forward(float[] input, float[] filter, float[] bias) {
    double[] output = new double[shape.batch() * shape.outChannels() * outPlane];
    for (int i = 0; i < output.length && bias != null; i++) {
      output[i] = bias[i / outPlane % shape.outChannels()];
    }
    int plane = depth.input() * height.input() * width.input();
    int perGroup = shape.inChannels() / shape.groups();
    for (int i = 0; i < input.length; i++) {
      int image = i / plane / shape.inChannels();
      int channel = i / plane % shape.inChannels();
      int firstOut = channel / perGroup * (shape.outChannels() / shape.groups());
      int d = i / (height.input() * width.input()) % depth.input();
      int h = i / width.input() % height.input();
      int w = i % width.input();
      spread(input[i], image * shape.outChannels() + firstOut, channel, d, h, w, filter, output);
    }
    return output;
  }

  /** Adds one input element times its kernels to the planes from {@code firstPlane} on. */
  private void spread(
      double x, int firstPlane, int channel, int d, int h, int w, float[] filter, double[] output) {
    int outGroup = shape.outChannels() / shape.groups();
    int at = channel * outGroup * depth.kernel() * height.kernel() * width.kernel();
    for (int out = 0; out < outGroup; out++) {
      for (int kd = 0; kd < depth.kernel(); kd++) {
        for (int kh = 0; kh < height.kernel(); kh++) {
          for (int kw = 0; kw < width.kernel(); kw++, at++) {
            int od = target(depth, d, kd);
            int oh = target(height, h, kh);
            int ow = target(width, w, kw);
            if (od >= 0 && oh >= 0 && ow >= 0) {
              int pixel = (od * size(height) + oh) * size(width) + ow;
              output[(firstPlane + out) * outPlane + pixel] += x * filter[at];
            }
          }
        }
      }
    }
  }

  /** Where a tap of an input element lands, or -1 where the padding cuts it off. */
  private static int target(TransposedAxis axis, int position, int tap) {
    int at = position * axis.stride() + tap * axis.dilation() - axis.padBefore();
    return at < size(axis) ? Math.max(at, -1) : -1;
  }
}
