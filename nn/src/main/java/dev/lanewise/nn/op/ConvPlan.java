package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;

/** Plain loops in the place of the kernels. */
record ConvPlan(ConvShape shape) {

  @SuppressWarnings("ArrayRecordComponent")
  record PackedFilter(float[] filter, float[] bias) {}

  static ConvPlan of(ConvShape shape, ConvOptions options) {
    return new ConvPlan(shape);
  }

  PackedFilter pack(float[] filter, float[] bias) {
    return new PackedFilter(filter, bias);
  }

  int outputLength() {
    return Layout.NCHW16C.length(shape.outputDims());
  }

  void run(float[] in, PackedFilter packed, float[] out) {
    int pixels = shape.outputPixels();
    int blocks = Layout.blocks(shape.outChannels());
    Arrays.fill(out, 0);
    for (int n = 0; n < shape.batch(); n++) {
      for (int o = 0; o < shape.outChannels(); o++) {
        for (int p = 0; p < pixels; p++) {
          out[((n * blocks + o / 16) * pixels + p) * 16 + o % 16] = packed.bias[o];
        }
      }
    }
    float[] filter = packed.filter;
    Im2colGradient.walk(shape, (i, f, o) -> out[o] += in[i] * filter[f]);
  }
}
