package dev.lanewise.nn;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Accuracy;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.FilterMemory;
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
 * uses, the plans made so far, and memory that serves one step after the other.
 *
 * <p>A loop keeps one context and calls {@link #recycle()} between steps, so that a steady state
 * makes no plans and allocates no activations. It keeps what it made for every shape it has met:
 * for ever new shapes, take a new context. A context belongs to one thread at a time.
 *
 * <p>Memory is reused inside a step too: {@link Tensor#backward()} gives back each tensor's values
 * and gradient as soon as no operation needs them any more.
 */
public final class Context {

  private final boolean training;
  private final boolean recording;
  private final Workers workers;
  private final Map<Object, Object> plans = new HashMap<>();
  private final Arena arena = new Arena();
  private final FilterMemory filterMemory = new FilterMemory();
  private final Seeds seeds = new Seeds();
  private int cycle;
  private long reorders;
  private final List<Tensor> auxiliaries = new ArrayList<>();
  private BiConsumer<Object, Tensor> observer;
  private Accuracy accuracy = Accuracy.DEFAULT;

  private Context(boolean training, boolean recording, Workers workers) {
    this.training = training;
    this.recording = recording;
    this.workers = Objects.requireNonNull(workers, "workers");
  }

  /** A context in which layers behave as in training and operations are recorded. */
  public static Context training(Workers workers) {
    return new Context(true, true, workers);
  }

  /** A context in which layers behave as in use and nothing is recorded. */
  public static Context inference(Workers workers) {
    return new Context(false, false, workers);
  }

  /**
   * A context in which layers behave as in use and operations are recorded: for gradients of a
   * trained network, such as those of its input.
   */
  public static Context recordedInference(Workers workers) {
    return new Context(false, true, workers);
  }

  /** Whether layers behave as in training. */
  public boolean training() {
    return training;
  }

  /** Whether operations are kept for {@link Tensor#backward()}. */
  public boolean recording() {
    return recording;
  }

  /**
   * Has convolutions planned to another accuracy than {@link Accuracy#DEFAULT} from now on; the
   * plans made so far are forgotten.
   */
  public Context accuracy(Accuracy wanted) {
    accuracy = Objects.requireNonNull(wanted, "accuracy");
    plans.clear();
    return this;
  }

  /** How convolutions are planned: for the workers, to the accuracy asked for. */
  public ConvOptions convOptions() {
    ConvOptions options = ConvOptions.defaults().withWorkers(workers).withAccuracy(accuracy);
    return recording ? options.withRepacking() : options;
  }

  /** The workers that share the work. */
  public Workers workers() {
    return workers;
  }

  /** Where filters are packed that are used once, as weights are others at the next step. */
  public FilterMemory filterMemory() {
    return filterMemory;
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
   * An array of exactly this length, whatever it holds, until {@link #release} or {@link
   * #recycle()}.
   *
   * @throws IllegalArgumentException if the length is negative
   */
  public float[] buffer(int length) {
    return arena.take(Check.notNegative("buffer length", length));
  }

  /** Takes a buffer back before the others; an array that is none of its buffers is left alone. */
  public void release(float[] buffer) {
    arena.give(buffer);
  }

  /**
   * Takes all buffers back. Tensors computed in this context, and their gradients, lose their
   * values; parameters keep theirs.
   */
  public void recycle() {
    arena.giveAll();
    auxiliaries.clear();
    cycle++;
  }

  /** Whether an array is one of its buffers in use. */
  boolean holds(float[] array) {
    return arena.holds(array);
  }

  /** How often it was recycled: a tensor of an earlier cycle has lost its values. */
  int cycle() {
    return cycle;
  }

  /** Memory of all buffers this context has made: it stops growing once every shape was met. */
  public long bufferBytes() {
    return arena.bytes();
  }

  /** Memory of the buffers that are in use. */
  public long bufferBytesInUse() {
    return arena.bytesTaken();
  }

  /**
   * Sets what random operations such as dropout draw from, as at the start of a step that is to be
   * the same wherever a training was resumed.
   */
  public void seed(long seed) {
    seeds.set(seed);
  }

  /** The seed of one random operation: another at each call. */
  public long nextSeed() {
    return seeds.next();
  }

  /** Counts one copy of a tensor to another layout. */
  public void countReorder() {
    reorders++;
  }

  /** How often a tensor was copied to another layout in this context, gradients included. */
  public long reorders() {
    return reorders;
  }

  /**
   * Has every layer and its output shown to an observer from now on, a container after what it is
   * made of.
   */
  public void observe(BiConsumer<Object, Tensor> newObserver) {
    observer = Objects.requireNonNull(newObserver, "observer");
  }

  /** Whether layers are shown to an observer, so that none may run as part of another. */
  public boolean observing() {
    return observer != null;
  }

  /** Shows a layer's output to the observer; called by the containers of layers. */
  public void observed(Object layer, Tensor output) {
    if (observer != null) {
      observer.accept(layer, output);
    }
  }

  /** Keeps the output of an auxiliary head, which only a training looks at. */
  public void auxiliary(Tensor output) {
    auxiliaries.add(output);
  }

  /** The outputs of the auxiliary heads since the last {@link #recycle()}, in order. */
  public List<Tensor> auxiliaries() {
    return List.copyOf(auxiliaries);
  }
}
