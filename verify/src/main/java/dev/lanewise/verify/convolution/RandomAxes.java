package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.verify.check.Data;
import java.util.ArrayList;
import java.util.List;

/** Axes of every kind: any kernel, stride, padding on either side, dilation. */
final class RandomAxes {

  private RandomAxes() {}

  /**
   * Some axes.
   *
   * @param pooling whether every window must hold an element of the input
   */
  static List<Axis> draw(Data data, int count, boolean pooling) {
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
