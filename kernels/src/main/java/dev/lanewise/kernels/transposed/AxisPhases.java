package dev.lanewise.kernels.transposed;

import java.util.stream.IntStream;

/**
 * One axis of a transposed convolution by phases. Output positions whose distance is the stride see
 * the same taps; these lie {@link #tapStep} apart, and each looks {@link #inputStep} inputs before
 * the one before it.
 *
 * @param input input size in elements
 * @param output output size in elements
 * @param kernel kernel size in taps
 * @param stride number of phases
 * @param padBefore elements cut off before the output
 * @param dilation distance between neighbouring taps
 */
record AxisPhases(int input, int output, int kernel, int stride, int padBefore, int dilation) {

  /** The axis of a shape that has none: one element, one tap. */
  static final AxisPhases NONE = new AxisPhases(1, 1, 1, 1, 0, 1);

  /** The taps inside the input that reach an output position, and the input of the first. */
  record Reach(int firstTap, int taps, int input) {
    private static final Reach NOTHING = new Reach(0, 0, 0);
  }

  static AxisPhases of(TransposedAxis axis) {
    return new AxisPhases(
        axis.input(),
        axis.output(),
        axis.kernel(),
        axis.stride(),
        axis.padBefore(),
        axis.dilation());
  }

  /** Distance between the taps of a phase. */
  int tapStep() {
    return stride / commonDivisor(stride, dilation);
  }

  /** How much earlier the input of the next tap of a phase lies. */
  int inputStep() {
    return dilation / commonDivisor(stride, dilation);
  }

  private static int commonDivisor(int a, int b) {
    return b == 0 ? a : commonDivisor(b, a % b);
  }

  /** First tap of the phase of an output position, or the kernel size if it has none. */
  int firstTap(int position) {
    int residue = (position + padBefore) % stride;
    for (int tap = 0; tap < Math.min(kernel, tapStep()); tap++) {
      if ((long) tap * dilation % stride == residue) {
        return tap;
      }
    }
    return kernel;
  }

  /** Taps of the phase that begins with a tap. */
  int taps(int firstTap) {
    return Math.ceilDiv(kernel - firstTap, tapStep());
  }

  /** Most taps of a phase. */
  int mostTaps() {
    return taps(0);
  }

  /** Where a tap of its phase looks for an output position; it may lie outside the input. */
  int inputOf(int position, int tap) {
    return (position + padBefore) / stride - (int) ((long) tap * dilation / stride);
  }

  /** Inputs that some neighbouring outputs look at, at most. */
  int mostInputs(int outputs) {
    long looked = (outputs - 1) / stride + 2 + ((kernel - 1L) * dilation / stride);
    return (int) Math.min(input, looked);
  }

  /** The taps that look into the input, for each output position. */
  Reach[] reaches() {
    return IntStream.range(0, output).mapToObj(this::reach).toArray(Reach[]::new);
  }

  /** The taps that look into the input at an output position. */
  Reach reach(int position) {
    int tap = firstTap(position);
    if (tap == kernel) {
      return Reach.NOTHING;
    }
    int first = inputOf(position, tap);
    int step = inputStep();
    int skipped = first < input ? 0 : Math.ceilDiv(first - input + 1, step);
    int end = first < 0 ? 0 : Math.min(taps(tap), first / step + 1);
    return skipped >= end
        ? Reach.NOTHING
        : new Reach(tap + skipped * tapStep(), end - skipped, first - skipped * step);
  }
}
