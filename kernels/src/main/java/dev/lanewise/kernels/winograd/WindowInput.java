package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;

/** Transforms the windows of a block of tiles, {@code B^T d B}, straight from the call's input. */
final class WindowInput implements InputTransform {

  private final Tiling tiling;
  private final Workspace space;
  private final WindowTransform windows;

  WindowInput(Tiling tiling, Workspace space) {
    this.tiling = tiling;
    this.space = space;
    windows = new WindowTransform(tiling, false);
  }

  @Override
  public int ownFloats() {
    return WindowTransform.scratchFloats(tiling);
  }

  @Override
  public void run(
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
