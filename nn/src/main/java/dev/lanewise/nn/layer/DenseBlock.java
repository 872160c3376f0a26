package dev.lanewise.nn.layer;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Concat;
import java.util.List;

/**
 * A dense block (Huang et al. 2017): each layer sees the block's input and the outputs of all
 * layers before it, side by side in the channels, and so does what follows the block.
 */
public final class DenseBlock extends Container {

  /** A block without layers, which passes its input on. */
  public DenseBlock() {}

  /**
   * Appends a layer.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public DenseBlock add(String name, Layer layer) {
    append(name, layer);
    return this;
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    Tensor features = input;
    for (String name : children().keySet()) {
      features = Concat.channels(List.of(features, call(name, features, context)), context);
    }
    return features;
  }

  @Override
  public Flow trace(Flow input, Trace trace) {
    Flow features = input;
    for (String name : children().keySet()) {
      features = Branches.beside(List.of(features, follow(name, features, trace)), trace);
    }
    return features;
  }
}
