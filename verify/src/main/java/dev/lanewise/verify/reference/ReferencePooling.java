package dev.lanewise.verify.reference;

import static dev.lanewise.verify.reference.Window.coordinate;
import static dev.lanewise.verify.reference.Window.inside;
import static dev.lanewise.verify.reference.Window.positions;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.PoolShape;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Pooling by PyTorch's rules, in double precision; arrays are row-major {@code [n][c][d][h][w]}
 * without the dimensions that the shape lacks.
 *
 * <p>Padding never wins a maximum or minimum. With ceil mode a last partial window is added as long
 * as it begins inside the input or the padding before it. An average that counts the padding
 * divides by the part of the window that lies inside the padded input; what ceil mode adds beyond
 * the padding is never counted.
 */
public final class ReferencePooling {

  /** What a window becomes. */
  public enum Kind {
    MAX,
    MIN,
    AVERAGE,
    AVERAGE_WITH_PADDING
  }

  private final PoolShape shape;
  private final Window window;
  private final int outDepth;
  private final int outHeight;
  private final int outWidth;

  /** The definition for one shape. */
  public ReferencePooling(PoolShape shape) {
    this.shape = shape;
    window = new Window(shape.axes());
    outDepth = windows(window.depth);
    outHeight = windows(window.height);
    outWidth = windows(window.width);
  }

  private int windows(Axis axis) {
    int whole = positions(axis);
    if (!shape.ceilMode()) {
      return whole;
    }
    int padded = axis.input() + axis.padBefore() + axis.padAfter();
    int reach = axis.dilation() * (axis.kernel() - 1);
    int rounded = Math.ceilDiv(padded - reach - 1, axis.stride()) + 1;
    boolean beginsInside = (rounded - 1) * axis.stride() < axis.input() + axis.padBefore();
    return beginsInside ? rounded : rounded - 1;
  }

  /** Number of output elements. */
  public int outputLength() {
    return shape.batch() * shape.channels() * outDepth * outHeight * outWidth;
  }

  /** The input elements of one window, in scan order. */
  public int[] elements(int index) {
    IntStream.Builder elements = IntStream.builder();
    forEachElement(index, elements);
    return elements.build().toArray();
  }

  /** All output elements. */
  public double[] forward(Kind kind, float[] input) {
    double[] output = new double[outputLength()];
    for (int o = 0; o < output.length; o++) {
      output[o] =
          switch (kind) {
            case MAX, MIN -> input[extreme(kind, input, o)];
            case AVERAGE, AVERAGE_WITH_PADDING -> sum(input, o) / divisor(kind, o);
          };
    }
    return output;
  }

  /** Sum of the absolute values under one window over its divisor: the scale of rounding errors. */
  public double magnitude(Kind kind, float[] input, int index) {
    double[] sum = new double[1];
    forEachElement(index, i -> sum[0] += Math.abs(input[i]));
    return sum[0] / divisor(kind, index);
  }

  /** Gradient with respect to the input; of equal extremes the first in scan order takes it. */
  public double[] gradientOfInput(Kind kind, float[] input, float[] gradOutput) {
    double[] gradient = new double[shape.batch() * shape.channels() * window.inputPlane()];
    for (int o = 0; o < gradOutput.length; o++) {
      double g = gradOutput[o];
      switch (kind) {
        case MAX, MIN -> gradient[extreme(kind, input, o)] += g;
        case AVERAGE, AVERAGE_WITH_PADDING -> {
          double share = g / divisor(kind, o);
          forEachElement(o, i -> gradient[i] += share);
        }
      }
    }
    return gradient;
  }

  private int extreme(Kind kind, float[] input, int index) {
    int[] best = {-1};
    forEachElement(
        index,
        i -> {
          boolean better =
              best[0] < 0
                  || (kind == Kind.MAX ? input[i] > input[best[0]] : input[i] < input[best[0]]);
          if (better) {
            best[0] = i;
          }
        });
    return best[0];
  }

  private double sum(float[] input, int index) {
    double[] sum = new double[1];
    forEachElement(index, i -> sum[0] += input[i]);
    return sum[0];
  }

  private int divisor(Kind kind, int index) {
    int ow = index % outWidth;
    int oh = index / outWidth % outHeight;
    int od = index / (outWidth * outHeight) % outDepth;
    boolean padding = kind == Kind.AVERAGE_WITH_PADDING;
    return counted(window.depth, od, padding)
        * counted(window.height, oh, padding)
        * counted(window.width, ow, padding);
  }

  /** Taps of a window that an average counts along one axis. */
  private static int counted(Axis axis, int position, boolean padding) {
    int count = 0;
    for (int tap = 0; tap < axis.kernel(); tap++) {
      int at = coordinate(axis, position, tap);
      boolean inPadded = at >= -axis.padBefore() && at < axis.input() + axis.padAfter();
      if (padding ? inPadded : inside(axis, at)) {
        count++;
      }
    }
    return count;
  }

  private void forEachElement(int index, IntConsumer action) {
    int ow = index % outWidth;
    int oh = index / outWidth % outHeight;
    int od = index / (outWidth * outHeight) % outDepth;
    int plane = index / (outWidth * outHeight * outDepth) * window.inputPlane();
    for (int kd = 0; kd < window.depth.kernel(); kd++) {
      for (int kh = 0; kh < window.height.kernel(); kh++) {
        for (int kw = 0; kw < window.width.kernel(); kw++) {
          int element =
              window.inputIndex(
                  coordinate(window.depth, od, kd),
                  coordinate(window.height, oh, kh),
                  coordinate(window.width, ow, kw));
          if (element >= 0) {
            action.accept(plane + element);
          }
        }
      }
    }
  }
}
