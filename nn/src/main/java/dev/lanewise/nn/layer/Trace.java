package dev.lanewise.nn.layer;

import dev.lanewise.nn.graph.Operator;
import java.util.List;
import java.util.function.Supplier;

/** Hears of each leaf layer, in the order of the data, as shapes are followed through a network. */
public final class Trace {

  /** Told of a leaf layer. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A leaf was passed.
     *
     * @param path its full name in the network
     */
    void leaf(String path, Layer layer, Flow input, Flow output);

    /**
     * A container joined what came out of its children.
     *
     * @param path its full name in the network
     */
    default void join(String path, Operator operator, List<Flow> inputs, Flow output) {}
  }

  private final Listener listener;
  private final boolean heads;
  private String prefix = "";

  private Trace(Listener listener, boolean heads) {
    this.listener = listener;
    this.heads = heads;
  }

  /** A trace through all that a network has, auxiliary heads too. */
  public static Trace whole(Listener listener) {
    return new Trace(listener, true);
  }

  /** A trace through what a network computes in use. */
  public static Trace inUse(Listener listener) {
    return new Trace(listener, false);
  }

  /** A trace in use that nobody listens to. */
  public static Trace silent() {
    return inUse((path, layer, input, output) -> {});
  }

  /** Whether auxiliary heads, which are for training, are passed too. */
  boolean heads() {
    return heads;
  }

  /** Does a step inside a child. */
  Flow inside(String name, Supplier<Flow> step) {
    String outer = prefix;
    prefix = outer.isEmpty() ? name : outer + "." + name;
    try {
      return step.get();
    } finally {
      prefix = outer;
    }
  }

  /** Tells that flows become one. */
  void join(Operator operator, List<Flow> inputs, Flow output) {
    listener.join(prefix, operator, inputs, output);
  }

  void leaf(Layer layer, Flow input, Flow output) {
    listener.leaf(prefix, layer, input, output);
  }
}
