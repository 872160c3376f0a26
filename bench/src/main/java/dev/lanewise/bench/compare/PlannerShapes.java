package dev.lanewise.bench.compare;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Convolutions as networks have them: the usual sizes, channels, kernels and strides, some grouped,
 * depthwise or dilated, in batches of one to four. The same seed gives the same shapes.
 */
final class PlannerShapes {

  /** Less takes longer to start than to compute. */
  private static final long FEWEST_MULTIPLY_ADDS = 100_000;

  /** Some ten milliseconds on one core of today. */
  private static final long MOST_MULTIPLY_ADDS = 500_000_000;

  private final Data data;

  private PlannerShapes(long seed) {
    data = new Data(seed);
  }

  /** Distinct shapes. */
  static List<ConvShape> random(int count, long seed) {
    PlannerShapes shapes = new PlannerShapes(seed);
    Set<ConvShape> chosen = new LinkedHashSet<>();
    while (chosen.size() < count) {
      ConvShape shape = shapes.next();
      if (shape.multiplyAdds() >= FEWEST_MULTIPLY_ADDS
          && shape.multiplyAdds() <= MOST_MULTIPLY_ADDS) {
        chosen.add(shape);
      }
    }
    return new ArrayList<>(chosen);
  }

  private ConvShape next() {
    int batch = data.oneOf(1, 1, 1, 1, 2, 3, 4);
    if (data.oneIn(7)) {
      int channels = channels();
      return shape(batch, channels, channels, channels, data.oneOf(3, 3, 3, 5, 5, 7), 1);
    }
    if (data.oneIn(10)) {
      int groups = data.oneOf(2, 4, 8, 32);
      int in = groups * data.oneOf(4, 8, 16, 32);
      return shape(batch, in, in * data.oneOf(1, 1, 2), groups, data.oneOf(1, 3, 3, 5), 1);
    }
    if (data.oneIn(12)) {
      int channels = channels();
      return shape(batch, channels, channels, 1, 3, data.oneOf(2, 4));
    }
    if (data.oneIn(12)) {
      return shape(batch, data.oneOf(1, 3), data.oneOf(16, 32, 64, 96), 1, stemKernel(), 1);
    }
    return shape(batch, channels(), channels(), 1, kernel(), 1);
  }

  private int channels() {
    return data.oneOf(
        16, 24, 32, 40, 48, 64, 64, 80, 96, 128, 128, 160, 192, 256, 256, 320, 384, 512, 512, 1024);
  }

  private int kernel() {
    return data.oneOf(1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 5, 5, 7, 2, 4, 6, 8, 9, 10, 11);
  }

  private int stemKernel() {
    return data.oneOf(3, 3, 5, 7, 7, 11);
  }

  private ConvShape shape(int batch, int in, int out, int groups, int kernel, int dilation) {
    int size = data.oneOf(7, 8, 13, 14, 14, 16, 17, 27, 28, 28, 32, 35, 55, 56, 56, 64, 112, 224);
    int extent = (kernel - 1) * dilation + 1;
    int stride = data.oneOf(1, 1, 1, 2);
    // Factorised kernels, as the later Inceptions have them.
    boolean flat = groups == 1 && dilation == 1 && kernel > 1 && data.oneIn(10);
    Axis height = axis(size, flat ? 1 : kernel, stride, dilation);
    Axis width = axis(size, kernel, stride, dilation);
    return extent > size ? next() : new ConvShape(batch, in, out, groups, List.of(height, width));
  }

  /** Padded so that stride 1 keeps the size, or seldom not at all. */
  private Axis axis(int size, int kernel, int stride, int dilation) {
    int padding = data.oneIn(6) ? 0 : (kernel - 1) / 2 * dilation;
    return new Axis(size, kernel, stride, padding, padding, dilation);
  }
}
