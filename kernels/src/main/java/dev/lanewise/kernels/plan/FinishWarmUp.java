package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.simd.Blocks;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.kernels.simd.WarmUp;

/**
 * Has the compiler do its best with what ends the sums of a convolution: on lanes, but not yet
 * compiled, the activation of a large layer takes longer than all else of a first run.
 */
final class FinishWarmUp {

  private static final int PIXELS = 64;
  private static final int LENGTH = PIXELS * Layout.BLOCK;

  /** More than so many pixels take once compiled, by any activation, and far less than before. */
  private static final long COMPILED_NANOS = 3_000;

  /** What code ends sums. */
  private record Finish(Class<? extends Activation> activation, boolean residual) {}

  private FinishWarmUp() {}

  /** Calls what {@link ConvCall#finish} and {@link ConvCall#finishStarted} call. */
  static void run(Activation activation, boolean residual) {
    if (!Lanes.vectorised() || (activation instanceof Identity && !residual)) {
      return;
    }
    float[] values = new float[LENGTH];
    float[] other = new float[LENGTH];
    WarmUp.once(
        new Finish(activation.getClass(), residual),
        () -> {
          if (residual) {
            Blocks.add(other, 0, Layout.BLOCK, values, 0, Layout.BLOCK, PIXELS);
            Activations.applyBlocked(activation, other, 0, values, 0, PIXELS, Layout.BLOCK);
          }
          Activations.applyBlocked(activation, values, 0, LENGTH, Layout.BLOCK);
        },
        COMPILED_NANOS);
  }
}
