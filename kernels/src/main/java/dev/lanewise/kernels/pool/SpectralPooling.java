package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Spectral pooling over NCHW16C activations: the discrete Fourier transform of each channel is
 * truncated to its lowest frequencies and transformed back at the smaller size (Rippel, Snoek and
 * Adams, "Spectral representations for convolutional neural networks", 2015).
 *
 * <p>Transform, truncation and transform back of one axis are together one real matrix, {@code
 * P[j][i] = (1 + 2 sum over 0 < k < m / 2 of cos(2 pi k (j / m - i / n))) / n} from n to m
 * elements. Where m is even, the frequency m / 2 stands for itself and its conjugate: of both
 * together the real part is kept, {@code cos(pi j) cos(pi m i / n) / n}. Scaled so that a mean is
 * kept. The matrix is applied along each axis; {@link #backward} applies its transpose.
 *
 * <p>An instance is immutable and safe for concurrent callers, its runs allocate nothing, and its
 * results have the same bits for any number of threads and lanes.
 */
public final class SpectralPooling {

  private final int[] inputDims;
  private final int[] outputDims;
  private final Workers workers;
  private final int inputLength;
  private final int outputLength;
  private final AtomicReference<Passes> idleForward = new AtomicReference<>();
  private final AtomicReference<Passes> idleBackward = new AtomicReference<>();

  private SpectralPooling(int[] dims, int[] outputSize, Workers workers) {
    this.workers = Objects.requireNonNull(workers, "workers");
    inputLength = Layout.NCHW16C.length(dims);
    Check.that(
        dims.length >= 3 && dims.length <= 5 && outputSize.length == dims.length - 2,
        "spectral pooling of %s needs an output size for each of 1 to 3 spatial axes, not %s",
        Arrays.toString(dims),
        Arrays.toString(outputSize));
    inputDims = dims.clone();
    outputDims = dims.clone();
    for (int i = 0; i < outputSize.length; i++) {
      Check.that(
          outputSize[i] >= 1 && outputSize[i] <= dims[2 + i],
          "output size %d must be from 1 to the input's %d",
          outputSize[i],
          dims[2 + i]);
      outputDims[2 + i] = outputSize[i];
    }
    outputLength = Layout.NCHW16C.length(outputDims);
  }

  /**
   * Pooling to a size.
   *
   * @param inputDims {@code [batch, channels, spatial...]}
   * @param outputSize one value for each spatial axis, at most the input's
   * @throws IllegalArgumentException if there are not 1 to 3 spatial axes with a size each, or a
   *     size is below 1 or above the input's
   */
  public static SpectralPooling of(int[] inputDims, int[] outputSize, Workers workers) {
    return new SpectralPooling(inputDims, outputSize, workers);
  }

  /** Dimensions of the input. */
  public int[] inputDims() {
    return inputDims.clone();
  }

  /** Dimensions of the output. */
  public int[] outputDims() {
    return outputDims.clone();
  }

  /**
   * Pools.
   *
   * @param input NCHW16C
   * @param output NCHW16C, another array than the input
   * @throws IllegalArgumentException if a length is wrong or both are one array
   */
  public void run(float[] input, float[] output) {
    Check.length("input", input, inputLength);
    Check.length("output", output, outputLength);
    Check.distinct("input", input, "output", output);
    Passes passes = idleForward.getAndSet(null);
    if (passes == null) {
      passes = new Passes(inputDims, outputDims, false);
    }
    passes.run(input, output, workers);
    idleForward.set(passes);
  }

  /**
   * Carries a gradient back.
   *
   * @param gradOutput gradient of the output
   * @param gradInput gradient of the input, overwritten
   * @throws IllegalArgumentException if a length is wrong or both are one array
   */
  public void backward(float[] gradOutput, float[] gradInput) {
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradInput", gradInput, inputLength);
    Check.distinct("gradOutput", gradOutput, "gradInput", gradInput);
    Passes passes = idleBackward.getAndSet(null);
    if (passes == null) {
      passes = new Passes(outputDims, inputDims, true);
    }
    passes.run(gradOutput, gradInput, workers);
    idleBackward.set(passes);
  }

  /** The matrix from n to m elements. */
  private static double[][] truncation(int n, int m) {
    double[][] matrix = new double[m][n];
    for (int j = 0; j < m; j++) {
      for (int i = 0; i < n; i++) {
        double sum = 1;
        for (int k = 1; 2 * k < m; k++) {
          sum += 2 * Math.cos(2 * Math.PI * k * ((double) j / m - (double) i / n));
        }
        if (m % 2 == 0) {
          sum += (j % 2 == 0 ? 1 : -1) * Math.cos(Math.PI * m * i / n);
        }
        matrix[j][i] = sum / n;
      }
    }
    return matrix;
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int j = 0; j < matrix.length; j++) {
      for (int i = 0; i < result.length; i++) {
        result[i][j] = matrix[j][i];
      }
    }
    return result;
  }

  /** One pass for each axis, innermost first: each turns its axis outermost, so all come around. */
  private static final class Passes {
    private final AxisMap[] maps;
    private final float[][] between;

    Passes(int[] from, int[] to, boolean backward) {
      int axes = from.length - 2;
      maps = new AxisMap[axes];
      between = new float[axes - 1][];
      int planes = from[0] * Layout.blocks(from[1]);
      for (int pass = 0; pass < axes; pass++) {
        int axis = from.length - 1 - pass;
        int outer = 1;
        for (int i = 2; i < from.length; i++) {
          outer *= i < axis ? from[i] : i > axis ? to[i] : 1;
        }
        double[][] matrix =
            backward
                ? transposed(truncation(to[axis], from[axis]))
                : truncation(from[axis], to[axis]);
        maps[pass] = new AxisMap(planes, outer, matrix);
        if (pass < axes - 1) {
          between[pass] = new float[maps[pass].outputFloats()];
        }
      }
    }

    void run(float[] input, float[] output, Workers workers) {
      float[] source = input;
      for (int pass = 0; pass < maps.length; pass++) {
        float[] target = pass == maps.length - 1 ? output : between[pass];
        maps[pass].run(source, target, workers);
        source = target;
      }
    }
  }
}
