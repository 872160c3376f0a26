package dev.lanewise.nn.layer;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Normalization.Epilogue;

/**
 * A layer that can add a residual to its result and apply an activation in the same pass over
 * memory.
 */
public interface Fusing extends Layer {

  /**
   * Computes {@code activation(layer(input) + residual)}.
   *
   * @param epilogue residual, of the layer's output shape, and activation
   */
  Tensor forward(Tensor input, Epilogue epilogue, Context context);

  @Override
  default Tensor forward(Tensor input, Context context) {
    return forward(input, Epilogue.NONE, context);
  }
}
