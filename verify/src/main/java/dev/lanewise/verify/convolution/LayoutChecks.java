package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.Arrays;
import java.util.Optional;

/** Copies between the layouts, of random dimensions. */
public final class LayoutChecks implements RandomCheck {

  private final Setting setting;

  /** Checks in a setting. */
  public LayoutChecks(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void run(int index) {
    Data data = setting.data(index);
    int channels = data.oneOf(1, 3, 16, 17, 40);
    int[] dims = {data.between(1, 3), channels, data.between(1, 9), data.between(1, 90)};
    float[] dense = data.reals(new BlockedLayout(dims).denseLength());
    setting
        .findings()
        .check(
            "layouts",
            setting.subject(Arrays.toString(dims), index),
            () -> thereAndBack(dims, dense));
  }

  /** NCHW to the blocked form and back by way of NHWC; the blocked form equals the reference's. */
  private static Optional<Mismatch> thereAndBack(int[] dims, float... dense) {
    float[] blocked = Reorder.to(dims, Layout.NCHW, dense, Layout.NCHW16C);
    float[] pixels = Reorder.to(dims, Layout.NCHW16C, blocked, Layout.NHWC);
    return Mismatch.sameBits(new BlockedLayout(dims).toBlocked(dense), blocked)
        .or(() -> Mismatch.sameBits(pixelsFirst(dims, dense), pixels))
        .or(() -> Mismatch.sameBits(dense, Reorder.to(dims, Layout.NHWC, pixels, Layout.NCHW)));
  }

  private static float[] pixelsFirst(int[] dims, float... dense) {
    float[] result = new float[dense.length];
    int channels = dims[1];
    int pixels = dims[2] * dims[3];
    for (int i = 0; i < dense.length; i++) {
      int pixel = i % pixels;
      int channel = i / pixels % channels;
      int image = i / (pixels * channels);
      result[(image * pixels + pixel) * channels + channel] = dense[i];
    }
    return result;
  }
}
