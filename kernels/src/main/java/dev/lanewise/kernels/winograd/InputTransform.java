package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;

/** Transforms the windows of a block of tiles, {@code B^T d B}, from a call's input. */
interface InputTransform {

  /** Floats of a worker's own memory from {@link Workspace#START} on, those before it included. */
  int ownFloats();

  /** Whether {@link #run} can read an input that is NCHW. */
  default boolean takesPlanar() {
    return false;
  }

  /**
   * Transforms one term of a channel group for the spans {@code first} to {@code end}.
   *
   * @param to where its first tile goes
   * @param own memory of {@link #ownFloats()}, used from {@code at} on
   */
  void run(
      ConvCall call,
      int group,
      int term,
      int first,
      int end,
      float[] workspace,
      int to,
      float[] own,
      int at);
}
