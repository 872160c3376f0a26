package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;

/** Small problems of every kind from a seed: any number of axes, stride, padding, dilation. */
public final class RandomShapes {

  /** Keeps a plain reference in double precision at about a millisecond. */
  private static final long MOST_MULTIPLY_ADDS = 200_000;

  private final Data data;

  /** The shapes that follow from a seed. */
  public RandomShapes(long seed) {
    data = new Data(seed);
  }

  /** The next convolution. */
  public ConvShape convolution() {
    while (true) {
      int groups = data.oneOf(1, 1, 1, 2, 3, 5);
      int in = groups * data.oneOf(1, 3, 7, 8, 15, 16, 17, data.between(1, 40));
      int out = groups * data.oneOf(1, 4, 10, 16, 33, data.between(1, 40));
      if (data.oneIn(6)) {
        groups = data.between(1, 40);
        in = groups;
        out = groups * data.oneOf(1, 1, 2);
      }
      List<Axis> axes = axes(data.oneOf(1, 2, 2, 2, 2, 3), false);
      ConvShape shape = new ConvShape(data.oneOf(1, 1, 2, 3), in, out, groups, axes);
      if (shape.multiplyAdds() <= MOST_MULTIPLY_ADDS) {
        return shape;
      }
    }
  }

  /** The next pooling. */
  public PoolShape pooling() {
    int channels = data.oneOf(1, 5, 16, 19, 32, 33);
    List<Axis> axes = axes(data.oneOf(1, 2, 2, 2, 3), true);
    return new PoolShape(data.between(1, 2), channels, axes, data.oneIn(2));
  }

  private List<Axis> axes(int count, boolean pooling) {
    List<Axis> axes = new ArrayList<>();
    int largest = count == 1 ? 60 : count == 2 ? 20 : 7;
    while (axes.size() < count) {
      int kernel = data.oneOf(1, 2, 3, 3, 3, count == 3 ? 2 : data.between(4, 7));
      int dilation = data.oneOf(1, 1, 1, 2, 3);
      int extent = (kernel - 1) * dilation + 1;
      int mostPadding = pooling ? extent - 1 : extent;
      int before = data.oneIn(2) ? extent / 2 : data.between(0, mostPadding);
      int after = data.oneIn(2) ? before : data.between(0, mostPadding);
      // An input narrower than the dilation could slip between the taps of a pooling window.
      int input = data.between(pooling ? dilation : 1, largest);
      if (input + before + after >= extent) {
        axes.add(new Axis(input, kernel, data.oneOf(1, 1, 2, 3), before, after, dilation));
      }
    }
    return axes;
  }
}
