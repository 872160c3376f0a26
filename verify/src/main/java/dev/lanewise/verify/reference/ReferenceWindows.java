package dev.lanewise.verify.reference;

import dev.lanewise.kernels.shape.PoolShape;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Poolings over windows that are listed element by element, in double precision; arrays are
 * row-major {@code [n][c][spatial...]}.
 */
public final class ReferenceWindows {

  private final int inputLength;
  private final int[][] windows;
  private final int largest;

  private ReferenceWindows(int inputLength, int[][] windows) {
    this.inputLength = inputLength;
    this.windows = windows;
    largest = Arrays.stream(windows).mapToInt(window -> window.length).max().orElse(0);
  }

  /** The windows of a pooling, those parts of them that lie inside the input. */
  public static ReferenceWindows of(PoolShape shape) {
    ReferencePooling pooling = new ReferencePooling(shape);
    return new ReferenceWindows(
        product(shape.inputDims()),
        IntStream.range(0, pooling.outputLength())
            .mapToObj(pooling::elements)
            .toArray(int[][]::new));
  }

  /**
   * PyTorch's adaptive windows: number i of n covers from {@code floor(i s / n)} to {@code ceil((i
   * + 1) s / n)} of an axis of size s.
   */
  public static ReferenceWindows adaptive(int[] inputDims, int... outputSize) {
    int planes = inputDims[0] * inputDims[1];
    int plane = product(inputDims) / Math.max(1, planes);
    int perPlane = product(outputSize);
    int[][] windows = new int[planes * perPlane][];
    for (int w = 0; w < windows.length; w++) {
      int[] elements = {w / perPlane * plane};
      int rest = w % perPlane;
      int stride = plane;
      int places = perPlane;
      for (int axis = 0; axis < outputSize.length; axis++) {
        int size = inputDims[2 + axis];
        places /= outputSize[axis];
        stride /= size;
        int place = rest / places;
        rest %= places;
        int from = place * size / outputSize[axis];
        int to = Math.ceilDiv((place + 1) * size, outputSize[axis]);
        elements = along(elements, from, to, stride);
      }
      windows[w] = elements;
    }
    return new ReferenceWindows(product(inputDims), windows);
  }

  /** Each place moved along one axis from one coordinate to before another. */
  private static int[] along(int[] places, int from, int to, int stride) {
    return Arrays.stream(places)
        .flatMap(place -> IntStream.range(from, to).map(at -> place + at * stride))
        .toArray();
  }

  /** Rows of a spatial pyramid: {@code [n]}, then level by level {@code [c][windows...]}. */
  public static ReferenceWindows pyramid(int[] inputDims, int... levels) {
    int axes = inputDims.length - 2;
    int batch = inputDims[0];
    int[][][] ofLevels =
        Arrays.stream(levels)
            .mapToObj(level -> IntStream.generate(() -> level).limit(axes).toArray())
            .map(size -> adaptive(inputDims, size).windows)
            .toArray(int[][][]::new);
    return new ReferenceWindows(
        product(inputDims),
        IntStream.range(0, batch)
            .boxed()
            .flatMap(n -> Arrays.stream(ofLevels).flatMap(all -> part(all, n, batch)))
            .toArray(int[][]::new));
  }

  private static Stream<int[]> part(int[][] windows, int index, int count) {
    int length = windows.length / count;
    return Arrays.stream(windows, index * length, (index + 1) * length);
  }

  private static int product(int... dims) {
    return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
  }

  /** The elements of a window, in scan order. */
  public int[] elements(int window) {
    return windows[window].clone();
  }

  /** Number of windows. */
  public int count() {
    return windows.length;
  }

  /** Elements of the largest window. */
  public int largest() {
    return largest;
  }

  /** What each window is reduced to. */
  public double[] forward(ToDoubleFunction<double[]> reduction, float[] input) {
    return Arrays.stream(windows)
        .mapToDouble(window -> reduction.applyAsDouble(values(window, input)))
        .toArray();
  }

  private static double[] values(int[] window, float[] input) {
    return Arrays.stream(window).mapToDouble(i -> input[i]).toArray();
  }

  /** The mean of some values. */
  public static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** The greatest of some values. */
  public static double greatest(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /** The p-norm of some values. */
  public static double norm(int p, double[] values) {
    return Math.pow(Arrays.stream(values).map(x -> Math.pow(Math.abs(x), p)).sum(), 1.0 / p);
  }

  /** The first element of each window that has its greatest value. */
  public int[] greatestAt(float[] input) {
    int[] places = new int[windows.length];
    for (int w = 0; w < windows.length; w++) {
      int best = windows[w][0];
      for (int i : windows[w]) {
        best = input[i] > input[best] ? i : best;
      }
      places[w] = best;
    }
    return places;
  }

  /** The gradient of the input where each window gives its own to its greatest element. */
  public double[] gradientOfGreatest(float[] input, float[] gradOutput) {
    double[] gradient = new double[inputLength];
    int[] places = greatestAt(input);
    for (int w = 0; w < windows.length; w++) {
      gradient[places[w]] += gradOutput[w];
    }
    return gradient;
  }

  /** The gradient of the input where each window divides its own evenly. */
  public double[] gradientOfMean(float[] gradOutput) {
    double[] gradient = new double[inputLength];
    for (int w = 0; w < windows.length; w++) {
      for (int i : windows[w]) {
        gradient[i] += (double) gradOutput[w] / windows[w].length;
      }
    }
    return gradient;
  }

  /** The gradient of the input of p-norms: {@code sign(x) (|x| / norm)^(p - 1)}, 0 for norm 0. */
  public double[] gradientOfNorm(int p, float[] input, float[] gradOutput) {
    double[] gradient = new double[inputLength];
    for (int w = 0; w < windows.length; w++) {
      double norm = norm(p, values(windows[w], input));
      for (int i : windows[w]) {
        double slope = Math.signum(input[i]) * Math.pow(Math.abs(input[i]) / norm, p - 1);
        gradient[i] += norm == 0 ? 0 : gradOutput[w] * slope;
      }
    }
    return gradient;
  }
}
