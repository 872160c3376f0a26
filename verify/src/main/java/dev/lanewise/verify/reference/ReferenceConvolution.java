package dev.lanewise.verify.reference;

import static dev.lanewise.verify.reference.Window.coordinate;
import static dev.lanewise.verify.reference.Window.positions;
import static dev.lanewise.verify.reference.Window.seen;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.stream.IntStream;

/**
 * Convolution (as networks say: cross-correlation) and its gradients by their definition, in double
 * precision.
 *
 * <p>Arrays are row-major: input {@code [n][inChannels][d][h][w]}, filter {@code
 * [outChannels][inChannels / groups][kd][kh][kw]}, bias {@code [outChannels]} or null, output
 * {@code [n][outChannels][d][h][w]}, each without the dimensions that the shape lacks.
 */
public final class ReferenceConvolution {

  /**
   * Some output elements.
   *
   * @param values the sum of the products and the bias
   * @param magnitudes the sum of their absolute values: the scale of any summation's rounding error
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Sums(double[] values, double[] magnitudes) {}

  private final ConvShape shape;
  private final Window window;
  private final int outDepth;
  private final int outHeight;
  private final int outWidth;

  /**
   * What is seen along each axis: the coordinate of position p under tap t is at p x kernel + t.
   */
  private final int[] depths;

  private final int[] rows;
  private final int[] columns;

  /** The definition for one shape. */
  public ReferenceConvolution(ConvShape shape) {
    this.shape = shape;
    window = new Window(shape.axes());
    outDepth = positions(window.depth);
    outHeight = positions(window.height);
    outWidth = positions(window.width);
    depths = places(window.depth);
    rows = places(window.height);
    columns = places(window.width);
  }

  private int[] places(Axis axis) {
    int[] places = new int[positions(axis) * axis.kernel()];
    for (int i = 0; i < places.length; i++) {
      int coordinate = coordinate(axis, i / axis.kernel(), i % axis.kernel());
      places[i] = seen(axis, shape.paddingMode(), coordinate);
    }
    return places;
  }

  /** Number of output elements. */
  public int outputLength() {
    return shape.batch() * shape.outChannels() * outDepth * outHeight * outWidth;
  }

  /** All output elements. */
  public double[] forward(float[] input, float[] filter, float[] bias) {
    return elements(input, filter, bias, IntStream.range(0, outputLength()).toArray()).values();
  }

  /** All output elements of operands that floats do not hold. */
  public double[] forward(double[] input, double[] filter, double[] bias) {
    return elements(input, filter, bias, IntStream.range(0, outputLength()).toArray()).values();
  }

  /** Output elements by their row-major indices. */
  public Sums elements(float[] input, float[] filter, float[] bias, int... indices) {
    return elements(doubles(input), doubles(filter), bias == null ? null : doubles(bias), indices);
  }

  private static double[] doubles(float[] floats) {
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  private Sums elements(double[] input, double[] filter, double[] bias, int... indices) {
    double[] values = new double[indices.length];
    double[] magnitudes = new double[indices.length];
    Taps taps = new Taps();
    for (int i = 0; i < indices.length; i++) {
      taps.meet(indices[i]);
      double start = bias == null ? 0 : bias[outChannel(indices[i])];
      double sum = start;
      double magnitude = Math.abs(start);
      for (int c = 0; c < taps.channels; c++) {
        int plane = taps.plane(c);
        int kernel = taps.kernel(c);
        for (int t = 0; t < taps.count; t++) {
          double product = input[plane + taps.pixels[t]] * filter[kernel + taps.taps[t]];
          sum += product;
          magnitude += Math.abs(product);
        }
      }
      values[i] = sum;
      magnitudes[i] = magnitude;
    }
    return new Sums(values, magnitudes);
  }

  /** Gradient with respect to the input. */
  public double[] gradientOfInput(float[] filter, float[] gradOutput) {
    double[] gradient = new double[shape.batch() * shape.inChannels() * window.inputPlane()];
    Taps taps = new Taps();
    for (int o = 0; o < gradOutput.length; o++) {
      double g = gradOutput[o];
      taps.meet(o);
      for (int c = 0; c < taps.channels; c++) {
        int plane = taps.plane(c);
        int kernel = taps.kernel(c);
        for (int t = 0; t < taps.count; t++) {
          gradient[plane + taps.pixels[t]] += g * filter[kernel + taps.taps[t]];
        }
      }
    }
    return gradient;
  }

  /** Gradient with respect to the filter. */
  public double[] gradientOfFilter(float[] input, float[] gradOutput) {
    Taps taps = new Taps();
    double[] gradient = new double[shape.outChannels() * taps.channels * window.kernelPlane()];
    for (int o = 0; o < gradOutput.length; o++) {
      double g = gradOutput[o];
      taps.meet(o);
      for (int c = 0; c < taps.channels; c++) {
        int plane = taps.plane(c);
        int kernel = taps.kernel(c);
        for (int t = 0; t < taps.count; t++) {
          gradient[kernel + taps.taps[t]] += g * input[plane + taps.pixels[t]];
        }
      }
    }
    return gradient;
  }

  /** Gradient with respect to the bias. */
  public double[] gradientOfBias(float[] gradOutput) {
    double[] gradient = new double[shape.outChannels()];
    for (int o = 0; o < gradOutput.length; o++) {
      gradient[outChannel(o)] += gradOutput[o];
    }
    return gradient;
  }

  /** The filter with the order of its taps reversed: true convolution is correlation with it. */
  public float[] flip(float[] filter) {
    int taps = window.kernelPlane();
    float[] flipped = new float[filter.length];
    for (int first = 0; first < filter.length; first += taps) {
      for (int tap = 0; tap < taps; tap++) {
        flipped[first + tap] = filter[first + taps - 1 - tap];
      }
    }
    return flipped;
  }

  private int outChannel(int index) {
    return index / (outDepth * outHeight * outWidth) % shape.outChannels();
  }

  /** The pairs of input and filter elements that meet in an output element. */
  private final class Taps {
    /** Input channels of a group: each meets the same taps. */
    final int channels = shape.inChannels() / shape.groups();

    final int[] pixels = new int[window.kernelPlane()];
    final int[] taps = new int[pixels.length];
    int count;
    private int firstPlane;
    private int firstKernel;

    void meet(int element) {
      int oc = outChannel(element);
      int image = element / (outWidth * outHeight * outDepth * shape.outChannels());
      int group = oc / (shape.outChannels() / shape.groups());
      firstPlane = image * shape.inChannels() + group * channels;
      firstKernel = oc * channels;
      int depth = element / (outWidth * outHeight) % outDepth * window.depth.kernel();
      int row = element / outWidth % outHeight * window.height.kernel();
      int column = element % outWidth * window.width.kernel();
      count = 0;
      int tap = 0;
      for (int d = 0; d < window.depth.kernel(); d++) {
        for (int h = 0; h < window.height.kernel(); h++) {
          for (int w = 0; w < window.width.kernel(); w++, tap++) {
            int pixel = window.inputIndex(depths[depth + d], rows[row + h], columns[column + w]);
            if (pixel >= 0) {
              pixels[count] = pixel;
              taps[count++] = tap;
            }
          }
        }
      }
    }

    /** Where the plane of a channel of the group begins. */
    int plane(int channel) {
      return (firstPlane + channel) * window.inputPlane();
    }

    /** Where the kernel of a channel of the group begins. */
    int kernel(int channel) {
      return (firstKernel + channel) * window.kernelPlane();
    }
  }
}
