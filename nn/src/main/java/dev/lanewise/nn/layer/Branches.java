package dev.lanewise.nn.layer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Concat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Branches that all see the input, their outputs side by side in the channels. */
public final class Branches extends Container {

  /** A way through the branches: a layer by its name, or layers under names of their own. */
  private sealed interface Way {
    /** The way through the child of a name. */
    record Named(String name) implements Way {}

    /** The way through a container whose children are this one's. */
    record Joined(Container branch) implements Way {}
  }

  private final Sequential stem;
  private final List<Way> ways = new ArrayList<>();

  /** No branches yet. */
  public Branches() {
    this(new Sequential());
  }

  /** No branches yet, which will see what some layers make of the input; those keep their names. */
  public Branches(Sequential stem) {
    this.stem = stem;
    stem.children().forEach(this::append);
  }

  /**
   * Appends a branch.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Branches add(String name, Layer branch) {
    append(name, branch);
    ways.add(new Way.Named(name));
    return this;
  }

  /**
   * Appends a branch without a name: its layers stand under their own.
   *
   * @throws IllegalArgumentException if one of their names is taken
   */
  public Branches join(Container branch) {
    branch.children().forEach(this::append);
    ways.add(new Way.Joined(branch));
    return this;
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    Tensor shared = stem.forward(input, context);
    List<Tensor> outputs = new ArrayList<>();
    for (Way way : ways) {
      outputs.add(
          switch (way) {
            case Way.Named(String name) -> call(name, shared, context);
            case Way.Joined(Container branch) -> branch.forward(shared, context);
          });
    }
    return Concat.channels(outputs, context);
  }

  @Override
  public Flow trace(Flow input, Trace trace) {
    Flow shared = stem.trace(input, trace);
    Check.that(!ways.isEmpty(), "a concatenation needs a branch");
    List<Flow> outputs = new ArrayList<>();
    for (Way way : ways) {
      outputs.add(
          switch (way) {
            case Way.Named(String name) -> follow(name, shared, trace);
            case Way.Joined(Container branch) -> branch.trace(shared, trace);
          });
    }
    return beside(outputs, trace);
  }

  /** Flows side by side in the channels. */
  static Flow beside(List<Flow> flows, Trace trace) {
    Flow all = flows.stream().reduce(Branches::beside).orElseThrow();
    if (flows.size() > 1) {
      trace.join(new Operator.Concatenation(), flows, all);
    }
    return all;
  }

  /**
   * Two flows side by side in the channels.
   *
   * @throws IllegalArgumentException if they differ in more than the channels
   */
  private static Flow beside(Flow first, Flow second) {
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
