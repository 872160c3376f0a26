package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.nn.graph.Value;

/** Images as rows of features, in the order of their planes. */
record FlattenStep(Value input, Value output) implements Step {

  private static final int BLOCK = Layout.BLOCK;

  @Override
  public Runnable bind(Memory memory) {
    Slice in = memory.of(input);
    Slice out = memory.of(output);
    int samples = output.dim(0);
    int channels = input.dim(1);
    int pixels = output.dim(1) / channels;
    return () -> {
      for (int n = 0; n < samples; n++) {
        for (int c = 0; c < channels; c++) {
          int from = in.first() + n * in.imageStride() + c / BLOCK * pixels * BLOCK + c % BLOCK;
          for (int p = 0; p < pixels; p++) {
            int feature = c * pixels + p;
            int to = out.first() + (feature / BLOCK * samples + n) * BLOCK + feature % BLOCK;
            out.data()[to] = in.data()[from + p * BLOCK];
          }
        }
      }
    };
  }

  @Override
  public String algorithm() {
    return "copy";
  }
}
