package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Pooling;
import dev.lanewise.nn.op.Pooling.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Pooling of each channel over windows, in as many spatial dimensions as the input has.
 *
 * <p>The windows lie side by side without padding, until said otherwise. Each size is one number
 * for all dimensions or one for each.
 */
public final class Pool implements Layer {

  private final Kind kind;
  private final int[] kernel;
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final boolean ceilMode;

  private Pool(
      Kind kind, int[] kernel, int[] stride, int[] padding, int[] dilation, boolean ceilMode) {
    this.kind = kind;
    this.kernel = kernel.clone();
    this.stride = stride.clone();
    this.padding = padding.clone();
    this.dilation = dilation.clone();
    this.ceilMode = ceilMode;
    Arrays.stream(kernel).forEach(size -> Check.positive("kernel", size));
    Arrays.stream(stride).forEach(size -> Check.positive("stride", size));
  }

  /** Pooling of any kind. */
  public static Pool of(Kind kind, int... kernel) {
    return new Pool(kind, kernel, kernel, new int[] {0}, new int[] {1}, false);
  }

  /** The greatest value of each window; padding never wins. */
  public static Pool max(int... kernel) {
    return of(Kind.MAX, kernel);
  }

  /** The least value of each window; padding never wins. */
  public static Pool min(int... kernel) {
    return of(Kind.MIN, kernel);
  }

  /** The mean of each window, padding counted as zeros. */
  public static Pool average(int... kernel) {
    return of(Kind.AVERAGE, kernel);
  }

  /** The mean of what is not padding. */
  public static Pool averageWithoutPadding(int... kernel) {
    return of(Kind.AVERAGE_WITHOUT_PADDING, kernel);
  }

  /** The p-norm of each window, {@code (sum of |x|^p)^(1/p)}. */
  public static Pool lp(int p, int... kernel) {
    return of(new Kind.Lp(p), kernel);
  }

  /** A share of the maximum and the rest of the mean of each window (Lee et al. 2016). */
  public static Pool mixed(float share, int... kernel) {
    return of(new Kind.Mixed(share, true), kernel);
  }

  /** A layer like this one with another stride. */
  public Pool stride(int... newStride) {
    return new Pool(kind, kernel, newStride, padding, dilation, ceilMode);
  }

  /** A layer like this one with padding on both sides. */
  public Pool padding(int... newPadding) {
    return new Pool(kind, kernel, stride, newPadding, dilation, ceilMode);
  }

  /** A layer like this one with gaps in its windows. */
  public Pool dilation(int... newDilation) {
    return new Pool(kind, kernel, stride, padding, newDilation, ceilMode);
  }

  /** A layer like this one that keeps a partial last window. */
  public Pool ceilMode() {
    return new Pool(kind, kernel, stride, padding, dilation, true);
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return Pooling.apply(input, problem(input.shape()), kind, context);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    return problem(inputShape).outputDims();
  }

  @Override
  public List<Axis> windows(int... inputShape) {
    return problem(inputShape).axes();
  }

  @Override
  public Operator operator(int... inputShape) {
    return new Operator.Pool(problem(inputShape), kind);
  }

  @Override
  public String type() {
    return kind.getClass().getSimpleName() + "Pool";
  }

  /** Whether it takes maxima over windows side by side, each of which has a place of its own. */
  boolean unpoolable() {
    boolean apart = kind instanceof Kind.Max;
    for (int i = 0; i < kernel.length; i++) {
      apart &= stride[stride.length == 1 ? 0 : i] >= kernel[i];
    }
    return apart && Arrays.stream(dilation).allMatch(gap -> gap == 1);
  }

  /** The pooling problem for an input shape. */
  PoolShape problem(int... inputShape) {
    int dimensions = inputShape.length - 2;
    Check.that(
        dimensions >= 1 && dimensions <= 3 && (kernel.length == 1 || kernel.length == dimensions),
        "%s %s needs an input [n, c, %s], got %s",
        type().toLowerCase(Locale.ROOT),
        Arrays.toString(kernel),
        kernel.length == 1 ? "spatial..." : kernel.length + " spatial dimensions",
        Tensor.text(inputShape));
    List<Axis> axes =
        IntStream.range(0, dimensions)
            .mapToObj(i -> Axis.of(inputShape[i + 2], kernel[kernel.length == 1 ? 0 : i]))
            .toList();
    return new PoolShape(inputShape[0], inputShape[1], axes, ceilMode)
        .stride(stride)
        .padding(padding)
        .dilation(dilation);
  }
}
