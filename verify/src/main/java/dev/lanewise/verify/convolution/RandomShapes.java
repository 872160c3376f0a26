package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.LayerList.Row;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;

/** Small problems of every kind. */
final class RandomShapes {

  /** Keeps a plain reference in double precision at about a millisecond. */
  private static final long MOST_MULTIPLY_ADDS = 200_000;

  private RandomShapes() {}

  /** A convolution, named after its kind. */
  static Row convolution(Data data) {
    while (true) {
      ShapeKind kind = data.oneOf(ShapeKind.values());
      // Empty batches always fit; without this they would be every fifth.
      boolean wanted = kind != ShapeKind.EMPTY_BATCH || data.oneIn(8);
      ConvShape shape = kind.draw(data);
      if (wanted && shape.multiplyAdds() <= MOST_MULTIPLY_ADDS) {
        return new Row(kind.label(), shape);
      }
    }
  }

  /** A convolution of one kind with at most so many multiply-adds. */
  static ConvShape small(ShapeKind kind, long most, Data data) {
    while (true) {
      ConvShape shape = kind.draw(data);
      if (shape.multiplyAdds() <= most) {
        return shape;
      }
    }
  }

  /** A convolution whose kernel is larger than its padded input, which nothing computes. */
  static ConvShape impossible(Data data) {
    ConvShape shape = convolution(data).shape();
    Axis last = shape.axes().getLast();
    int most = (last.extent() - 1) / 2;
    if (most == 0) {
      return impossible(data);
    }
    int input = data.between(1, most);
    int padding = data.between(0, (last.extent() - 1 - input) / 2);
    List<Axis> axes = new ArrayList<>(shape.axes());
    axes.removeLast();
    axes.add(new Axis(input, last.kernel(), last.stride(), padding, padding, last.dilation()));
    return new ConvShape(
        shape.batch(), shape.inChannels(), shape.outChannels(), shape.groups(), axes);
  }

  /** A pooling. */
  static PoolShape pooling(Data data) {
    int channels = data.oneOf(1, 5, 16, 19, 32, 33);
    List<Axis> axes = RandomAxes.draw(data, data.oneOf(1, 2, 2, 2, 3), true);
    return new PoolShape(data.between(1, 2), channels, axes, data.oneIn(2));
  }
}
