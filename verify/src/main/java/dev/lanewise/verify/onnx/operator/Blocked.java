package dev.lanewise.verify.onnx.operator;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.verify.onnx.tensor.ElementType;
import dev.lanewise.verify.onnx.tensor.Limits;
import dev.lanewise.verify.onnx.tensor.OnnxTensor;
import dev.lanewise.verify.onnx.tensor.Unsupported;

/** Where tensors enter and leave the layout of the kernels. */
final class Blocked {

  private Blocked() {}

  /** Requires a floating point tensor {@code [batch, channels, ...]} of a least rank. */
  static OnnxTensor image(Call call, int input, int rank) {
    OnnxTensor x = call.input(input);
    if (!x.isReal()) {
      throw new Unsupported("%s of %s".formatted(call.operator(), x.type()));
    }
    Check.that(
        x.rank() >= rank, "%s needs at least %d dimensions, has %s", call.operator(), rank, x);
    return x;
  }

  /** The values of {@code [batch, channels, ...]} in NCHW16C. */
  static float[] of(OnnxTensor x) {
    checkSize(x.dims());
    return Reorder.to(x.dims(), Layout.NCHW, x.floats(), Layout.NCHW16C);
  }

  /** Zeros in NCHW16C, as many as a tensor of the dimensions takes. */
  static float[] zeros(int... dims) {
    checkSize(dims);
    return new float[Layout.NCHW16C.length(dims)];
  }

  /** A tensor of values in NCHW16C. */
  static OnnxTensor back(ElementType type, float[] values, int... dims) {
    float[] planar = Reorder.to(dims, Layout.NCHW16C, values, Layout.NCHW);
    return OnnxTensor.ofFloats(type, planar, dims);
  }

  /** Requires that a tensor is within the limits, its padding lanes included. */
  static void checkSize(int... dims) {
    int[] padded = dims.clone();
    padded[1] = Math.multiplyExact(Layout.blocks(dims[1]), Layout.BLOCK);
    Limits.elements(padded);
  }
}
