package dev.lanewise.nn.layer;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.op.Normalization.Epilogue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Layers one after the other, each with a name.
 *
 * <p>A {@link Fusing} layer and the activation after it run as one, unless the context is observed:
 * an observer sees every leaf's own output.
 */
public final class Sequential extends Container implements Fusing {

  /**
   * One call of the sequence.
   *
   * @param activation of the next layer, which runs with this one
   * @param last name of the layer whose output it gives
   */
  private record Step(String name, Layer layer, Activation activation, String last) {
    Step(String name, Layer layer) {
      this(name, layer, Activation.IDENTITY, name);
    }

    /** Whether something can still be fused to it. */
    boolean open() {
      return layer instanceof Fusing && activation.equals(Activation.IDENTITY);
    }
  }

  private final List<Step> single = new ArrayList<>();
  private final List<Step> fused = new ArrayList<>();
  private final Map<String, List<String>> heads = new HashMap<>();

  /** An empty sequence, which passes its input on. */
  public Sequential() {}

  /** Layers named by their numbers from 0, as PyTorch names those of its sequences. */
  public static Sequential of(Layer... layers) {
    Sequential sequence = new Sequential();
    for (int i = 0; i < layers.length; i++) {
      sequence.add(String.valueOf(i), layers[i]);
    }
    return sequence;
  }

  /**
   * Appends a layer.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Sequential add(String name, Layer layer) {
    append(name, layer);
    Step step = new Step(name, layer);
    single.add(step);
    if (layer instanceof Activate(Activation activation)
        && !fused.isEmpty()
        && fused.getLast().open()) {
      Step before = fused.removeLast();
      fused.add(new Step(before.name, before.layer, activation, name));
    } else {
      fused.add(step);
    }
    return this;
  }

  /**
   * Appends an auxiliary head: while training it is given the output of an earlier layer, and its
   * own goes to {@link Context#auxiliary} (Szegedy et al. 2015). In use it does nothing.
   *
   * @param after name of the layer that feeds it, one that no activation follows
   * @throws IllegalArgumentException if the name is taken, or there is no such layer
   */
  public Sequential addHead(String name, String after, Layer head) {
    Check.that(
        fused.stream().anyMatch(step -> step.last.equals(after)),
        "head %s needs a layer %s, which no activation follows; there are %s",
        name,
        after,
        children().keySet());
    append(name, head);
    heads.computeIfAbsent(after, key -> new ArrayList<>()).add(name);
    return this;
  }

  /**
   * The layers before one, the same objects: what a network computes as features of its input.
   *
   * @throws IllegalArgumentException if there is no layer of that name
   */
  public Sequential before(String name) {
    requireLayer(name);
    Sequential part = new Sequential();
    for (Step step : single) {
      if (step.name.equals(name)) {
        break;
      }
      part.add(step.name, step.layer);
    }
    return part;
  }

  /**
   * The same layers but for one, such as the head of a network that is to tell other classes apart.
   *
   * @param path its name; in a sequence inside this one, the names with a dot between them
   * @throws IllegalArgumentException if there is no layer of that name
   */
  public Sequential with(String path, Layer replacement) {
    int dot = path.indexOf('.');
    String name = dot < 0 ? path : path.substring(0, dot);
    requireLayer(name);
    Layer own = replacement;
    if (dot >= 0) {
      Check.that(children().get(name) instanceof Sequential, "%s is no sequence of layers", name);
      own = ((Sequential) children().get(name)).with(path.substring(dot + 1), replacement);
    }
    Sequential copy = new Sequential();
    for (Step step : single) {
      copy.add(step.name, step.name.equals(name) ? own : step.layer);
    }
    heads.forEach(
        (after, names) -> names.forEach(head -> copy.addHead(head, after, children().get(head))));
    return copy;
  }

  private void requireLayer(String name) {
    Check.that(
        single.stream().anyMatch(step -> step.name.equals(name)),
        "there is no layer %s; there are %s",
        name,
        children().keySet());
  }

  @Override
  public Tensor forward(Tensor input, Epilogue epilogue, Context context) {
    Tensor x = Objects.requireNonNull(input, "input");
    List<Step> steps = context.observing() ? single : fused;
    boolean finished = false;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      finished = i + 1 == steps.size() && step.open() && !context.observing();
      Epilogue own = finished ? epilogue : Epilogue.of(step.activation);
      x = run(step, x, own, context);
      feedHeads(step.last, x, context);
    }
    return finished ? x : epilogue.after(x, context);
  }

  private Tensor run(Step step, Tensor x, Epilogue epilogue, Context context) {
    return step.layer instanceof Fusing fusing && !context.observing()
        ? named(step.name, () -> fusing.forward(x, epilogue, context))
        : call(step.name, x, context);
  }

  private void feedHeads(String name, Tensor x, Context context) {
    if (context.training()) {
      for (String head : heads.getOrDefault(name, List.of())) {
        context.auxiliary(call(head, x, context));
      }
    }
  }

  @Override
  public Flow trace(Flow input, Trace trace) {
    Flow flow = input;
    for (Step step : single) {
      flow = follow(step.name, flow, trace);
      if (trace.heads()) {
        for (String head : heads.getOrDefault(step.name, List.of())) {
          follow(head, flow, trace);
        }
      }
    }
    return flow;
  }
}
