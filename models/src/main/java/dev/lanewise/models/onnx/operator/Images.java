package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.Limits;

/** Operands {@code [batch, channels, ...]}. */
final class Images {

  private Images() {}

  /** The first operand, which is required to have a least rank. */
  static Operand.Open open(Call call, int rank) {
    Operand.Open x = call.open();
    Check.that(
        x.dims().length >= rank,
        "%s needs at least %d dimensions, has %s",
        call.operator(),
        rank,
        x.value());
    return x;
  }

  /**
   * The number of elements, padding lanes included.
   *
   * @throws IllegalArgumentException if that is more than one tensor may have
   */
  static int size(int... dims) {
    int[] padded = dims.clone();
    padded[1] = Math.multiplyExact(Layout.blocks(dims[1]), Layout.BLOCK);
    return Limits.elements(padded);
  }
}
