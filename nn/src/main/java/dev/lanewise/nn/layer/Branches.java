package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Concat;
import java.util.Arrays;
import java.util.List;

/** Branches that all see the input, their outputs side by side in the channels. */
public final class Branches extends Container {

  /** No branches yet. */
  public Branches() {}

  /**
   * Appends a branch.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Branches add(String name, Layer branch) {
    append(name, branch);
    return this;
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    List<Tensor> outputs =
        children().keySet().stream().map(name -> call(name, input, context)).toList();
    return Concat.channels(outputs, context);
  }

  @Override
  public Flow trace(Flow input, Trace trace) {
    return children().keySet().stream()
        .map(name -> follow(name, input, trace))
        .reduce(Branches::beside)
        .orElseThrow(() -> new IllegalArgumentException("a concatenation needs a branch"));
  }

  /**
   * Two flows side by side in the channels.
   *
   * @throws IllegalArgumentException if they differ in more than the channels
   */
  static Flow beside(Flow first, Flow second) {
    int[] sum = first.shape();
    int[] other = second.shape();
    int channels = other[1];
    other[1] = sum[1];
    Check.that(
        Arrays.equals(sum, other),
        "only channels may differ where %s and %s are concatenated",
        first,
        second);
    sum[1] = Math.addExact(sum[1], channels);
    return first.joined(second).withShape(sum);
  }
}
