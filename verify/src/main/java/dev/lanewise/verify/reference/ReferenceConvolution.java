package dev.lanewise.verify.reference;

import static dev.lanewise.verify.reference.Window.coordinate;
import static dev.lanewise.verify.reference.Window.positions;
import static dev.lanewise.verify.reference.Window.seen;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;

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
   * One output element.
   *
   * @param value the sum of the products and the bias
   * @param magnitude the sum of their absolute values: the scale of any summation's rounding error
   */
  public record Sum(double value, double magnitude) {}

  /** What to do with the pair of input and filter elements that meet in one output element. */
  private interface Product {
    void at(int input, int filter);
  }

  private final ConvShape shape;
  private final Window window;
  private final int outDepth;
  private final int outHeight;
  private final int outWidth;

  /** The definition for one shape. */
  public ReferenceConvolution(ConvShape shape) {
    this.shape = shape;
    window = new Window(shape.axes());
    outDepth = positions(window.depth);
    outHeight = positions(window.height);
    outWidth = positions(window.width);
  }

  /** Number of output elements. */
  public int outputLength() {
    return shape.batch() * shape.outChannels() * outDepth * outHeight * outWidth;
  }

  /** All output elements. */
  public double[] forward(float[] input, float[] filter, float[] bias) {
    double[] output = new double[outputLength()];
    for (int i = 0; i < output.length; i++) {
      output[i] = element(input, filter, bias, i).value();
    }
    return output;
  }

  /** One output element, by its row-major index. */
  public Sum element(float[] input, float[] filter, float[] bias, int index) {
    double start = bias == null ? 0 : bias[outChannel(index)];
    double[] sums = {start, Math.abs(start)};
    forEachProduct(
        index,
        (i, f) -> {
          double product = (double) input[i] * filter[f];
          sums[0] += product;
          sums[1] += Math.abs(product);
        });
    return new Sum(sums[0], sums[1]);
  }

  /** Gradient with respect to the input. */
  public double[] gradientOfInput(float[] filter, float[] gradOutput) {
    double[] gradient = new double[shape.batch() * shape.inChannels() * window.inputPlane()];
    for (int o = 0; o < gradOutput.length; o++) {
      double g = gradOutput[o];
      forEachProduct(o, (i, f) -> gradient[i] += g * filter[f]);
    }
    return gradient;
  }

  /** Gradient with respect to the filter. */
  public double[] gradientOfFilter(float[] input, float[] gradOutput) {
    int groupInputs = shape.inChannels() / shape.groups();
    double[] gradient = new double[shape.outChannels() * groupInputs * window.kernelPlane()];
    for (int o = 0; o < gradOutput.length; o++) {
      double g = gradOutput[o];
      forEachProduct(o, (i, f) -> gradient[f] += g * input[i]);
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

  private int place(Axis axis, int position, int tap) {
    return seen(axis, shape.paddingMode(), coordinate(axis, position, tap));
  }

  private void forEachProduct(int index, Product product) {
    int ow = index % outWidth;
    int oh = index / outWidth % outHeight;
    int od = index / (outWidth * outHeight) % outDepth;
    int oc = outChannel(index);
    int image = index / (outWidth * outHeight * outDepth * shape.outChannels());

    int groupInputs = shape.inChannels() / shape.groups();
    int groupOutputs = shape.outChannels() / shape.groups();
    int group = oc / groupOutputs;

    for (int c = 0; c < groupInputs; c++) {
      int plane = (image * shape.inChannels() + group * groupInputs + c) * window.inputPlane();
      int filter = (oc * groupInputs + c) * window.kernelPlane();
      for (int kd = 0; kd < window.depth.kernel(); kd++) {
        for (int kh = 0; kh < window.height.kernel(); kh++) {
          for (int kw = 0; kw < window.width.kernel(); kw++) {
            int element =
                window.inputIndex(
                    place(window.depth, od, kd),
                    place(window.height, oh, kh),
                    place(window.width, ow, kw));
            if (element >= 0) {
              product.at(plane + element, filter);
            }
            filter++;
          }
        }
      }
    }
  }
}
