package dev.lanewise.models.weights;

import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Conv;
import dev.lanewise.nn.layer.Flow;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * In which order darknet has the values of a network.
 *
 * <p>A convolution: bias, and with a batch norm behind it, which is part of it there, the norm's
 * weight, running mean and variance; then the filters {@code [out][in / groups][h][w]}. With a norm
 * the bias is the norm's. A dense layer: bias, matrix {@code [out][in]}, and after them what its
 * norm has more.
 */
final class DarknetOrder {

  private record Leaf(String path, Layer layer, Flow input, Flow output) {}

  private final List<String> stored = new ArrayList<>();
  private final Set<String> dense = new HashSet<>();
  private final List<String> zeros = new ArrayList<>();

  private DarknetOrder() {}

  /**
   * The order for a network, its layers in the order of the data.
   *
   * @throws IOException if it has a layer that darknet has not, naming the file and the layer
   */
  static DarknetOrder of(Network network, Path file) throws IOException {
    List<Leaf> leaves = new ArrayList<>();
    Trace trace =
        Trace.whole(
            (path, layer, input, output) -> {
              if (!layer.parameters().isEmpty()) {
                leaves.add(new Leaf(path, layer, input, output));
              }
            });
    network.body().trace(Flow.of(network.batchShape(1)), trace);
    DarknetOrder order = new DarknetOrder();
    for (int i = 0; i < leaves.size(); i++) {
      Leaf leaf = leaves.get(i);
      boolean normed = i + 1 < leaves.size() && isNormOf(leaf, leaves.get(i + 1));
      String norm = normed ? leaves.get(++i).path() : "";
      order.add(leaf, norm, network.name(), file);
    }
    return order;
  }

  private static boolean isNormOf(Leaf leaf, Leaf next) {
    return next.layer() instanceof BatchNorm && next.input() == leaf.output();
  }

  private void add(Leaf leaf, String norm, String network, Path file) throws IOException {
    boolean biased = leaf.layer().parameters().containsKey("bias");
    String bias = leaf.path() + ".bias";
    String weight = leaf.path() + ".weight";
    boolean conv = leaf.layer() instanceof Conv<?>;
    boolean known = conv || leaf.layer() instanceof Linear;
    if (!known || (norm.isEmpty() && !biased)) {
      throw new IOException(
          "%s: darknet's weights cannot be those of %s: layer %s, a %s, %s"
              .formatted(
                  file,
                  network,
                  leaf.path(),
                  leaf.layer().type(),
                  known ? "has neither bias nor norm" : "is no convolution with or without norm"));
    }
    if (norm.isEmpty()) {
      stored.addAll(List.of(bias, weight));
    } else {
      List<String> more = List.of(norm + ".weight", norm + ".running_mean", norm + ".running_var");
      stored.add(norm + ".bias");
      stored.addAll(conv ? more : List.of(weight));
      stored.addAll(conv ? List.of(weight) : more);
      if (biased) {
        zeros.add(bias);
      }
    }
    if (!conv) {
      dense.add(weight);
    }
  }

  /** Names of the state in the file's order. */
  List<String> stored() {
    return stored;
  }

  /** Those of them that are matrices of dense layers. */
  Set<String> dense() {
    return dense;
  }

  /** Biases that the network has besides those of the norms behind them: zero in darknet. */
  List<String> zeros() {
    return zeros;
  }
}
