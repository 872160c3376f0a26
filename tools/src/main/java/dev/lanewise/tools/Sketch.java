package dev.lanewise.tools;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Flow;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;
import dev.lanewise.nn.layer.Trace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network in a line of text, as exercises give them: {@code input 3 128 128, conv 5 32 padding 2,
 * pool 2, conv 3 64, flatten, dense 4}. Layers are named after their kind and counted: {@code
 * conv1}, {@code pool1}, {@code conv2}.
 *
 * <p>Each layer's inputs follow from the layer before it.
 */
final class Sketch {

  private static final String KINDS =
      "conv K C, pool K, average K (each with stride S, padding P), global, relu, flatten, dense N";

  private final Sequential body = new Sequential();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Set<String> leftOut;
  private Flow flow;

  private Sketch(Flow input, Set<String> leftOut) {
    flow = input;
    this.leftOut = leftOut;
  }

  /**
   * The network of a text.
   *
   * @param without names of layers that are left out
   * @throws IllegalArgumentException if the text is not such a line, naming the word that is wrong
   */
  static Network of(String text, List<String> without) {
    List<String> items = Arrays.stream(text.split(",")).map(String::strip).toList();
    String[] input = items.getFirst().split("\\s+");
    Check.that(
        input.length == 4 && input[0].equals("input"),
        "a network begins with 'input CHANNELS HEIGHT WIDTH', not with '%s'",
        items.getFirst());
    int[] shape = {number(input, 1), number(input, 2), number(input, 3)};
    Set<String> leftOut = new HashSet<>(without);
    Sketch sketch = new Sketch(Flow.of(1, shape[0], shape[1], shape[2]), leftOut);
    items.stream().skip(1).forEach(sketch::add);
    Check.that(leftOut.isEmpty(), "there is no layer %s to leave out", leftOut);
    return new Network("sketch", shape, sketch.body);
  }

  private void add(String item) {
    String[] words = item.split("\\s+");
    String name = words[0] + counts.merge(words[0], 1, Integer::sum);
    Layer layer = layer(item, words);
    if (leftOut.remove(name)) {
      return;
    }
    try {
      flow = layer.trace(flow, Trace.silent());
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(name + ": " + unfit.getMessage(), unfit);
    }
    body.add(name, layer);
  }

  private Layer layer(String item, String... words) {
    int channels = flow.shape()[1];
    return switch (words[0]) {
      case "conv" ->
          new Conv2d(channels, number(words, 2), number(words, 1))
              .stride(option(words, 3, "stride", 1))
              .padding(option(words, 3, "padding", 0));
      case "pool" -> windowed(Pool.max(number(words, 1)), words);
      case "average" -> windowed(Pool.average(number(words, 1)), words);
      case "global" -> AdaptivePool.average(1);
      case "relu" -> Activate.relu();
      case "flatten" -> new Flatten();
      case "dense" -> new Linear(channels, number(words, 1));
      default ->
          throw new IllegalArgumentException(
              "'%s' is no layer; the layers are %s".formatted(item, KINDS));
    };
  }

  private static Pool windowed(Pool pool, String... words) {
    return pool.stride(option(words, 2, "stride", number(words, 1)))
        .padding(option(words, 2, "padding", 0));
  }

  /** The number at a place. */
  private static int number(String[] words, int index) {
    String item = String.join(" ", words);
    Check.that(index < words.length, "'%s' lacks number %d; write %s", item, index, KINDS);
    int number;
    try {
      number = Integer.parseInt(words[index]);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(
          "'%s' is not a whole number in '%s'".formatted(words[index], item), wrong);
    }
    Check.that(number >= 0, "%d in '%s' is negative", number, item);
    return number;
  }

  /** The number behind a word among those from a place on. */
  private static int option(String[] words, int from, String name, int usual) {
    int value = usual;
    for (int i = from; i < words.length; i += 2) {
      Check.that(
          words[i].equals("stride") || words[i].equals("padding"),
          "'%s' in '%s' is neither stride nor padding",
          words[i],
          String.join(" ", words));
      int given = number(words, i + 1);
      value = words[i].equals(name) ? given : value;
    }
    return value;
  }
}
