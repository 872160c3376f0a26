package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.nn.graph.Value;
import java.util.Arrays;

/** Channels of zeros after those of the input. */
record PadStep(Value input, Value output) implements Step {

  @Override
  public Runnable bind(Memory memory) {
    Slice in = memory.of(input);
    Slice out = memory.of(output);
    int images = output.dim(0);
    int given = imageLength(input);
    int all = imageLength(output);
    return () -> {
      for (int n = 0; n < images; n++) {
        int to = out.first() + n * out.imageStride();
        System.arraycopy(in.data(), in.first() + n * in.imageStride(), out.data(), to, given);
        Arrays.fill(out.data(), to + given, to + all, 0);
      }
    };
  }

  private static int imageLength(Value value) {
    int[] shape = value.shape();
    shape[0] = 1;
    return Layout.NCHW16C.length(shape);
  }

  @Override
  public String algorithm() {
    return "pad";
  }
}
