package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;

/** Transforms the windows of a block of tiles, {@code B^T d B}, straight from the call's input. */
final class InputTransform {

  private final Tiling tiling;
  private final Workspace space;
  private final WindowTransform windows;

  InputTransform(Tiling tiling, Workspace space) {
    this.tiling = tiling;
    this.space = space;
    windows = new WindowTransform(tiling, false);
  }

  /**
   * Transforms one term of a channel group for the spans {@code first} to {@code end}.
   *
   * @param to where its first tile goes
   * @param own memory of {@link Workspace#ownFloats()} from {@code at}
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
      int at) {
    int from = call.inputImage(0);
    int block = group * tiling.inBlocks + term % tiling.inBlocks;
    int tap = term / tiling.inBlocks;
    windows.run(
        call.input(),
        from,
        call.inputImage(1) - from,
        block,
        tap,
        first,
        end,
        workspace,
        to,
        space.inputPlane(),
        own,
        at);
  }
}
