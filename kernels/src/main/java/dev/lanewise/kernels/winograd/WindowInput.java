package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.plan.ConvCall;

/** Transforms the windows of a block of tiles, {@code B^T d B}, straight from the call's input. */
final class WindowInput implements InputTransform {

  private final Tiling tiling;
  private final WindowTransform windows;

  WindowInput(Tiling tiling, Workspace space) {
    this.tiling = tiling;
    windows = new WindowTransform(tiling, false, ProductPlaces.planes(tiling, space.inputPlane()));
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
        own,
        at);
  }
}
