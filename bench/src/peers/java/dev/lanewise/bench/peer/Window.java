package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;

/** The two axes of a convolution of images, the only kind that most libraries are asked for. */
record Window(Axis height, Axis width) {

  /**
   * The window of a shape.
   *
   * @throws IllegalArgumentException if it is not 2-D
   */
  static Window of(ConvShape shape) {
    Check.that(shape.axes().size() == 2, "only 2-D convolutions are wired up");
    return new Window(shape.axes().getFirst(), shape.axes().getLast());
  }

  /**
   * The window of a shape for a library that pads both ends alike.
   *
   * @throws IllegalArgumentException if it is not 2-D, or padded otherwise
   */
  static Window symmetric(ConvShape shape) {
    Window window = of(shape);
    for (Axis axis : shape.axes()) {
      Check.that(
          axis.padBefore() == axis.padAfter(),
          "it pads both ends alike, not %d and %d",
          axis.padBefore(),
          axis.padAfter());
    }
    return window;
  }
}
