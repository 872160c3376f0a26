package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The kinds of convolution that random shapes are drawn from: each is what some algorithm or some
 * branch of a loop is made for, with odd counts wherever it leaves them open.
 */
enum ShapeKind {
  ANYTHING {
    @Override
    ConvShape draw(Data data) {
      int groups = data.oneOf(1, 1, 1, 2, 3, 5);
      return shape(data, groups, channels(data, groups), channels(data, groups), anyAxes(data));
    }
  },
  POINTWISE {
    @Override
    ConvShape draw(Data data) {
      int axes = data.between(1, 3);
      return shape(data, 1, data.between(1, 70), data.between(1, 70), axes(data, axes, 1, 1, 0, 1));
    }
  },
  /** Channels that halve into whole panels of 32. */
  POINTWISE_HALVES {
    @Override
    ConvShape draw(Data data) {
      int in = 64 * data.between(1, 4);
      int out = 64 * data.between(1, 3);
      return shape(data, 1, in, out, axes(data, 2, 1, 1, 0, 1));
    }
  },
  /** Kernels of 3 and 5 with stride 1, which fast algorithms take. */
  SMALL_DENSE {
    @Override
    ConvShape draw(Data data) {
      int groups = data.oneOf(1, 1, 1, 2);
      int unit = groups == 1 ? 1 : 16;
      int kernel = data.oneOf(3, 3, 5);
      int dilation = data.oneOf(1, 1, 1, 2, 3);
      int in = groups * unit * data.between(1, groups == 1 ? 33 : 2);
      int out = groups * unit * data.between(1, groups == 1 ? 33 : 2);
      return shape(
          data, groups, in, out, axes(data, 2, kernel, 1, data.between(0, kernel), dilation));
    }
  },
  /** One long axis of taps across the other: k x 1 and 1 x k. */
  SEPARATED {
    @Override
    ConvShape draw(Data data) {
      int kernel = data.oneOf(3, 5, 7, data.between(2, 9));
      Axis along = axis(data, kernel, 1, data.between(0, kernel), 1);
      Axis across = axis(data, 1, 1, 0, 1);
      List<Axis> axes = data.oneIn(2) ? List.of(along, across) : List.of(across, along);
      return shape(data, 1, data.between(1, 40), data.between(1, 40), axes);
    }
  },
  DEPTHWISE {
    @Override
    ConvShape draw(Data data) {
      int groups = data.between(1, 70);
      List<Axis> axes =
          data.oneIn(3)
              ? anyAxes(data)
              : axes(data, 2, data.oneOf(3, 5, 7), data.between(1, 2), data.between(0, 3), 1);
      return shape(data, groups, groups, groups * data.oneOf(1, 1, 1, 2, 3), axes);
    }
  },
  GROUPED {
    @Override
    ConvShape draw(Data data) {
      int groups = data.oneOf(2, 4, 8, 32, data.between(2, 12));
      int in = groups * data.oneOf(2, 4, 8, data.between(1, 9));
      int out = data.oneIn(2) ? in : groups * data.between(1, 9);
      return shape(
          data,
          groups,
          in,
          out,
          axes(data, 2, data.oneOf(1, 3, 3, 5), data.between(1, 2), data.between(0, 2), 1));
    }
  },
  /** The first layer of a network: few channels, large kernel and stride. */
  STEM {
    @Override
    ConvShape draw(Data data) {
      int kernel = data.oneOf(3, 7, 11, data.between(2, 11));
      return shape(
          data,
          1,
          data.oneOf(1, 2, 3, 3, 3, 4, 6),
          data.between(1, 70),
          axes(data, 2, kernel, data.between(1, 4), data.between(0, kernel / 2), 1));
    }
  },
  LARGE_KERNEL {
    @Override
    ConvShape draw(Data data) {
      int kernel = data.between(9, 17);
      int groups = data.oneOf(1, 1, 4);
      return shape(
          data,
          groups,
          groups * data.between(1, 4),
          groups * data.between(1, 4),
          axes(data, data.between(1, 2), kernel, 1, data.between(0, kernel / 2), 1));
    }
  },
  /** Padding that is not zeros, as wide as its mode allows. */
  PADDED {
    @Override
    ConvShape draw(Data data) {
      PaddingMode mode =
          data.oneOf(PaddingMode.REPLICATE, PaddingMode.REFLECT, PaddingMode.CIRCULAR);
      List<Axis> axes =
          anyAxes(data).stream()
              .map(
                  axis -> {
                    int most = mode == PaddingMode.REFLECT ? axis.input() - 1 : axis.input();
                    return axis.withPadding(
                        Math.min(axis.padBefore(), most), Math.min(axis.padAfter(), most));
                  })
              .toList();
      if (!axes.stream().allMatch(Axis::fits)) {
        return draw(data);
      }
      return shape(data, 1, data.between(1, 20), data.between(1, 20), axes).padding(mode);
    }
  },
  STRIDE_OVER_KERNEL {
    @Override
    ConvShape draw(Data data) {
      int kernel = data.between(1, 3);
      int stride = kernel + data.between(1, 3);
      return shape(
          data,
          1,
          data.between(1, 40),
          data.between(1, 40),
          axes(data, data.between(1, 3), kernel, stride, data.between(0, 1), 1));
    }
  },
  EMPTY_BATCH {
    @Override
    ConvShape draw(Data data) {
      return ANYTHING.draw(data).batch(0);
    }
  };

  /** A shape of this kind, of whatever size. */
  abstract ConvShape draw(Data data);

  /** How reports call it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static ConvShape shape(Data data, int groups, int in, int out, List<Axis> axes) {
    return new ConvShape(data.oneOf(1, 1, 2, 3), in, out, groups, axes);
  }

  private static int channels(Data data, int groups) {
    return groups * data.oneOf(1, 3, 7, 8, 15, 16, 17, data.between(1, 40));
  }

  private static List<Axis> axes(
      Data data, int count, int kernel, int stride, int padding, int dilation) {
    List<Axis> axes = new ArrayList<>();
    while (axes.size() < count) {
      axes.add(axis(data, kernel, stride, padding, dilation));
    }
    return axes;
  }

  /** An axis whose input leaves room for the kernel. */
  private static Axis axis(Data data, int kernel, int stride, int padding, int dilation) {
    int least = Math.max(1, (kernel - 1) * dilation + 1 - 2 * padding);
    return new Axis(least + data.between(0, 20), kernel, stride, padding, padding, dilation);
  }

  private static List<Axis> anyAxes(Data data) {
    return RandomAxes.draw(data, data.oneOf(1, 2, 2, 2, 2, 3), false);
  }
}
