package dev.lanewise.nn;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What a pass through a network runs with: whether it is training and recorded, whose workers it
 * uses, the plans made so far, and buffers that serve one step after the other.
 *
 * <p>A loop keeps one context and calls {@link #recycle()} between steps, so that a steady state
 * makes no plans and allocates no activations. It keeps what it made for every shape it has met:
 * for ever new shapes, take a new context. A context belongs to one thread at a time.
 */
public final class Context {

  private final boolean training;
  private final Workers workers;
  private final Map<Object, Object> plans = new HashMap<>();
  private final Map<Integer, Shelf> shelves = new HashMap<>();
  private BiConsumer<Object, Tensor> observer = (layer, output) -> {};

  private Context(boolean training, Workers workers) {
    this.training = training;
    this.workers = Objects.requireNonNull(workers, "workers");
  }

  /** A context in which layers behave as in training and operations are recorded. */
  public static Context training(Workers workers) {
    return new Context(true, workers);
  }

  /** A context in which layers behave as in use and nothing is recorded. */
  public static Context inference(Workers workers) {
    return new Context(false, workers);
  }

  /** Whether layers behave as in training. */
  public boolean training() {
    return training;
  }

  /** Whether operations are kept for {@link Tensor#backward()}. */
  public boolean recording() {
    return training;
  }

  /** The workers that share the work. */
  public Workers workers() {
    return workers;
  }

  /**
   * The plan for a problem, made at its first use.
   *
   * @param problem a value that names the problem and its kind, such as a record
   * @param planner makes the plan
   */
  @SuppressWarnings("unchecked")
  public <K, P> P plan(K problem, Function<? super K, P> planner) {
    Object plan = plans.get(problem);
    if (plan == null) {
      plan = planner.apply(problem);
      plans.put(problem, plan);
    }
    return (P) plan;
  }

  /**
   * An array of exactly this length, whatever it holds, until {@link #recycle()}.
   *
   * @throws IllegalArgumentException if the length is negative
   */
  public float[] buffer(int length) {
    Check.notNegative("buffer length", length);
    return shelves.computeIfAbsent(length, Shelf::new).take();
  }

  /**
   * Takes all buffers back. Tensors computed in this context, and their gradients, lose their
   * values; parameters keep theirs.
   */
  public void recycle() {
    shelves.values().forEach(Shelf::refill);
  }

  /** Has every leaf layer and its output shown to an observer from now on. */
  public void observe(BiConsumer<Object, Tensor> newObserver) {
    observer = Objects.requireNonNull(newObserver, "observer");
  }

  /** Shows a leaf layer's output to the observer; called by the containers of layers. */
  public void observed(Object layer, Tensor output) {
    observer.accept(layer, output);
  }

  /** Arrays of one length, handed out in turn. */
  private static final class Shelf {
    private final int length;
    private final List<float[]> arrays = new ArrayList<>();
    private int next;

    Shelf(int length) {
      this.length = length;
    }

    float[] take() {
      if (next == arrays.size()) {
        arrays.add(new float[length]);
      }
      return arrays.get(next++);
    }

    void refill() {
      next = 0;
    }
  }
}
