package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.depthwise.DepthwiseFilterGradient;
import dev.lanewise.kernels.im2col.Im2colFilterGradient;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.winograd.WinogradFilterGradient;
import java.util.List;
import java.util.function.Supplier;

/**
 * How the gradient by filter of a shape is computed.
 *
 * @param algorithm {@link Algorithm#DIRECT} stands for sums over pixels
 * @param name what it does, in words
 * @param sum computes it
 * @param warmUp calls the micro-kernels of which C2 needs to see all borders first
 * @param facts how the work is cut
 */
record FilterMethod(
    Algorithm algorithm, String name, Sum sum, Runnable warmUp, Supplier<List<String>> facts) {

  /**
   * Below this share of useful multiply-adds, packing columns costs less than the waste, unless
   * each group has columns of its own: 32 groups of 3 channels at 28 x 28 pixels take 537
   * microseconds by columns and 314 by sums over pixels, of which a ninth is of use.
   */
  private static final double LEAST_USEFUL = 0.3;

  /** Computes a gradient by filter. */
  interface Sum {
    void run(FilterGradientCall call, Workers workers);
  }

  /** The method of a shape padded with zeros, of at least one image. */
  static FilterMethod of(ConvShape shape, ConvOptions options) {
    int pinned = options.algorithm().map(FilterMethod::outputs).orElse(0);
    if (pinned > 0 && WinogradFilterGradient.objection(shape, pinned).isEmpty()) {
      return winograd(shape, pinned);
    }
    if (sharesLanes(shape)) {
      return narrow(shape);
    }
    if (shape.groups() == 1 && ReducedFilterGradient.usefulness(shape) < LEAST_USEFUL) {
      Im2colFilterGradient gradient = new Im2colFilterGradient(shape);
      return new FilterMethod(
          Algorithm.IM2COL,
          "columns packed in cache-sized blocks, multiplied as a matrix: blocks of 16 channels"
              + " would be mostly empty",
          gradient::run,
          () -> {},
          List::of);
    }
    double least =
        ColumnFilterGradient.suits(shape)
            ? ColumnFilterGradient.cost(shape)
            : ReducedFilterGradient.cost(shape);
    int best = 0;
    if (options.algorithm().isEmpty() && options.accuracy() != Accuracy.STRICT) {
      for (int outputs = 2; outputs <= 4; outputs += 2) {
        if (WinogradFilterGradient.objection(shape, outputs).isEmpty()) {
          double cost = WinogradFilterGradient.cost(shape, outputs);
          if (cost < least) {
            least = cost;
            best = outputs;
          }
        }
      }
    }
    return best > 0 ? winograd(shape, best) : sums(shape);
  }

  /** Whether groups are so narrow that each channel of them is best summed by itself. */
  private static boolean sharesLanes(ConvShape shape) {
    return DepthwiseFilterGradient.objection(shape).isEmpty()
        && (isDepthwise(shape)
            || DepthwiseFilterGradient.cost(shape) < ReducedFilterGradient.cost(shape));
  }

  private static boolean isDepthwise(ConvShape shape) {
    return shape.groups() == shape.inChannels();
  }

  private static FilterMethod narrow(ConvShape shape) {
    boolean depthwise = isDepthwise(shape);
    DepthwiseFilterGradient gradient = new DepthwiseFilterGradient(shape);
    return new FilterMethod(
        depthwise ? Algorithm.DEPTHWISE : Algorithm.GROUPED,
        "sums over pixels, channel by channel" + (depthwise ? "" : " of each group"),
        gradient::run,
        gradient::warmUp,
        gradient::explain);
  }

  private static int outputs(Algorithm algorithm) {
    return switch (algorithm) {
      case WINOGRAD_F2 -> 2;
      case WINOGRAD_F4 -> 4;
      case WINOGRAD_F6 -> 6;
      case DIRECT,
          IM2COL,
          WINOGRAD_F4X2,
          WINOGRAD_PHASES,
          WINOGRAD_STRIDED,
          DEPTHWISE,
          DEPTHWISE_F2,
          FFT,
          GROUPED,
          STRASSEN ->
          0;
    };
  }

  private static FilterMethod winograd(ConvShape shape, int outputs) {
    WinogradFilterGradient gradient = new WinogradFilterGradient(shape, outputs);
    Algorithm algorithm =
        switch (outputs) {
          case 2 -> Algorithm.WINOGRAD_F2;
          case 4 -> Algorithm.WINOGRAD_F4;
          default -> Algorithm.WINOGRAD_F6;
        };
    return new FilterMethod(
        algorithm,
        "Winograd's transforms, transposed",
        gradient::run,
        gradient::warmUp,
        gradient::explain);
  }

  private static FilterMethod sums(ConvShape shape) {
    if (ColumnFilterGradient.suits(shape)) {
      ColumnFilterGradient gradient = new ColumnFilterGradient(shape);
      return new FilterMethod(
          Algorithm.DIRECT,
          "sums over pixels, whose columns have the filter's order",
          gradient::run,
          gradient::warmUp,
          gradient::explain);
    }
    ReducedFilterGradient gradient = new ReducedFilterGradient(shape);
    return new FilterMethod(
        Algorithm.DIRECT, "sums over pixels", gradient::run, gradient::warmUp, gradient::explain);
  }
}
