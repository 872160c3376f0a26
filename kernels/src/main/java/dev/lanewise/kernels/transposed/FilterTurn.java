package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.FilterOrder;
import dev.lanewise.kernels.simd.Interleave;

/**
 * Turns a filter {@code [inChannels][outChannels / groups][taps]} into {@code
 * [outChannels][inChannels / groups][taps]}, with the taps reversed for a mirrored convolution.
 */
final class FilterTurn implements FilterOrder {

  /** Taps that are copied without a loop, in three quarters of the time. */
  private static final int NINE = 9;

  private final int taps;
  private final int outChannels;
  private final int inPerGroup;
  private final int outPerGroup;

  /** Where the first tap of a turned kernel was, and in which direction the others follow. */
  private final int first;

  private final int step;

  FilterTurn(TransposedShape shape, boolean mirrored) {
    taps = shape.kernelTaps();
    outChannels = shape.outChannels();
    inPerGroup = shape.inChannels() / shape.groups();
    outPerGroup = outChannels / shape.groups();
    first = mirrored ? taps - 1 : 0;
    step = mirrored ? -1 : 1;
  }

  @Override
  public void arrange(float[] filter, float[] turned, int worker, int workers) {
    int end = Workers.start(outChannels, worker + 1, workers);
    int row = outPerGroup * taps;
    for (int in = 0; in < inPerGroup; in += Interleave.ROWS) {
      int count = Math.min(Interleave.ROWS, inPerGroup - in);
      for (int out = Workers.start(outChannels, worker, workers); out < end; out++) {
        int firstIn = out / outPerGroup * inPerGroup + in;
        int from = firstIn * row + out % outPerGroup * taps;
        int to = (out * inPerGroup + in) * taps;
        turn(filter, from, row, turned, to, count);
      }
    }
  }

  /** Turns the kernels of some input channels of one output channel, {@code row} floats apart. */
  private void turn(float[] filter, int from, int row, float[] turned, int to, int kernels) {
    if (taps == 1) {
      Interleave.columns(filter, from, row, kernels, 0, 1, turned, to, 0);
      return;
    }
    if (taps == NINE && step < 0) {
      for (int i = 0; i < kernels; i++) {
        int source = from + i * row;
        int target = to + i * NINE;
        // A literal count: the compiler unrolls it.
        for (int t = 0; t < NINE; t++) {
          turned[target + t] = filter[source + NINE - 1 - t];
        }
      }
      return;
    }
    for (int i = 0; i < kernels; i++) {
      int source = from + i * row + first;
      int target = to + i * taps;
      for (int t = 0; t < taps; t++) {
        turned[target + t] = filter[source + t * step];
      }
    }
  }
}
