package dev.lanewise.bench.peer;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.layout.Slice;
import java.util.Arrays;

/** Images in Lanewise's blocked layout, at cache lines, as the peers place theirs. */
final class Blocked {

  private Blocked() {}

  /** Images of NCHW values. */
  static Slice of(int[] dims, float[] values) {
    float[] blocked = Reorder.to(dims, Layout.NCHW, values, Layout.NCHW16C);
    Slice images = Slice.allocate(dims);
    System.arraycopy(blocked, 0, images.data(), images.first(), blocked.length);
    return images;
  }

  /** The NCHW values of images that lie one behind the other. */
  static float[] values(int[] dims, Slice images) {
    int end = images.first() + Layout.NCHW16C.length(dims);
    float[] blocked = Arrays.copyOfRange(images.data(), images.first(), end);
    return Reorder.to(dims, Layout.NCHW16C, blocked, Layout.NCHW);
  }
}
