package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.graph.Graph;
import dev.lanewise.nn.graph.Value;
import dev.lanewise.nn.layer.Network;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * A network compiled for inputs of one shape: batch norms folded, activations and residuals fused,
 * concatenations written in place, filters packed, all values in few arrays.
 *
 * <p>Weights are taken as they are at the time; later changes do not reach the session. It is safe
 * for concurrent callers, each of which gets memory of its own, kept for the next. A run in the
 * steady state allocates nothing, unless the network has layers that the session does not know.
 */
public final class Session implements AutoCloseable {

  private final Function<int[], Graph> graphs;
  private final SessionOptions options;
  private final Workers workers;
  private final boolean owner;
  private final Filters filters;
  private final Value input;
  private final Value output;
  private final List<Stage> stages;
  private final boolean stem;
  private final Places places;
  private final List<Step> steps;
  private final Deque<Caller> idle = new ArrayDeque<>();

  /** The memory of a caller, and the work on it. */
  private final class Caller implements Step.Memory {
    private final float[][] memory;

    /** Brings the input in; null where a stem reads it as it is given. */
    private final Planar source;

    private final Planar result;
    private final Runnable[] work;
    private float[] given;

    Caller() {
      memory = places.arrays();
      source = stem ? null : new Planar(input, of(input), workers);
      result = new Planar(output, of(output), workers);
      work = steps.stream().map(step -> step.bind(this)).toArray(Runnable[]::new);
    }

    @Override
    public Slice of(Value value) {
      return places.slice(value, memory);
    }

    @Override
    public float[] given() {
      return given;
    }

    void run(float[] in, float[] out) {
      take(in);
      for (Runnable step : work) {
        step.run();
      }
      hand(out);
    }

    void take(float[] in) {
      given = in;
      if (source != null) {
        source.write(in);
      }
    }

    void hand(float[] out) {
      result.read(out);
      given = null;
    }
  }

  private Session(
      Function<int[], Graph> graphs,
      SessionOptions options,
      Workers workers,
      boolean owner,
      Filters filters,
      int... inputShape) {
    this.graphs = graphs;
    this.options = options;
    this.workers = workers;
    this.owner = owner;
    this.filters = filters;
    Check.that(
        inputShape.length >= 2 && inputShape[0] > 0,
        "a session needs an input [batch, channels, ...] of at least one sample, not %s",
        Arrays.toString(inputShape));
    Graph graph = PoolFirst.of(graphs.apply(inputShape).live());
    Check.that(
        graph.inputs().size() == 1 && graph.outputs().size() == 1,
        "a session has one input and one output, the graph %d and %d",
        graph.inputs().size(),
        graph.outputs().size());
    Fusion fusion = Fusion.of(graph);
    input = graph.inputs().getFirst();
    output = fusion.original(graph.outputs().getFirst());
    fusion.pair(SeparableStep::pays);
    stages = fusion.stages();
    Compiler compiler = new Compiler(options, workers, filters);
    stem = findStem(compiler);
    places = new Places(stem ? List.of() : List.of(input), stages, List.of(output));
    Warming warming = Warming.begin(options.warm() ? compiler.warmUps(stages, places) : List.of());
    steps = stages.parallelStream().map(stage -> compiler.step(stage, places)).toList();
    filters.trim();
    warming.finish();
  }

  /** Has the only reader of the input read it as it is given, if it can; whether it does. */
  private boolean findStem(Compiler compiler) {
    List<Stage> readers = stages.stream().filter(stage -> stage.reads().contains(input)).toList();
    boolean found =
        input != output && readers.size() == 1 && compiler.takesPlanar(readers.getFirst());
    if (found) {
      readers.getFirst().becomeStem();
    }
    return found;
  }

  /**
   * Compiles a network.
   *
   * @param inputShape {@code [batch, channels, spatial...]}
   * @throws IllegalArgumentException if the shape does not fit the network
   */
  public static Session compile(Network network, SessionOptions options, int... inputShape) {
    return compile(network::graph, options, inputShape);
  }

  /**
   * Compiles what a function gives for an input shape.
   *
   * @throws IllegalArgumentException if the graph has more than one input or output
   */
  public static Session compile(
      Function<int[], Graph> graphs, SessionOptions options, int... inputShape) {
    boolean owner = options.threads() > 0;
    Workers workers = owner ? Workers.of(options.threads()) : Workers.shared();
    try {
      return new Session(graphs, options, workers, owner, new Filters(), inputShape.clone());
    } catch (RuntimeException refused) {
      if (owner) {
        workers.close();
      }
      throw refused;
    }
  }

  /**
   * A session of the same network for another input shape. It shares the packed filters and the
   * threads, which end with the first session.
   *
   * @throws IllegalArgumentException if the shape does not fit the network
   */
  public Session forInput(int... shape) {
    return new Session(graphs, options, workers, false, filters, shape.clone());
  }

  /** Dimensions of the input, batch first. */
  public int[] inputShape() {
    return input.shape();
  }

  /** Dimensions of the output, batch first. */
  public int[] outputShape() {
    return output.shape();
  }

  /**
   * Computes the output.
   *
   * @param in row-major, of {@link #inputShape()}
   * @return row-major, of {@link #outputShape()}
   * @throws IllegalArgumentException if the length is wrong
   */
  public float[] run(float[] in) {
    float[] out = new float[Planar.length(output)];
    run(in, out);
    return out;
  }

  /**
   * Computes the output.
   *
   * @param in row-major, of {@link #inputShape()}
   * @param out row-major, of {@link #outputShape()}, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] in, float[] out) {
    Caller caller = take();
    Check.length("input", in, Planar.length(input));
    Check.length("output", out, Planar.length(output));
    caller.run(in, out);
    give(caller);
  }

  private Caller take() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return new Caller();
  }

  private void give(Caller caller) {
    synchronized (idle) {
      idle.push(caller);
    }
  }

  /**
   * Has the JVM compile the kernels that the session calls, so that the first run is not a hundred
   * times slower than later ones. {@link SessionOptions#withWarmUp} does so while the session is
   * made, which takes less time.
   */
  public Session warmUp() {
    Warming.begin(steps.stream().<Runnable>map(step -> step::warmUp).toList()).finish();
    return this;
  }

  /**
   * Measures each step.
   *
   * @param in row-major, of {@link #inputShape()}
   * @param runs how many; the best time of each step counts
   */
  public Profile profile(float[] in, int runs) {
    Check.positive("runs", runs);
    Caller caller = new Caller();
    Check.length("input", in, Planar.length(input));
    float[] out = new float[Planar.length(output)];
    long[] best = new long[steps.size() + 2];
    Arrays.fill(best, Long.MAX_VALUE);
    long bestRun = Long.MAX_VALUE;
    for (int run = 0; run < runs; run++) {
      long start = System.nanoTime();
      long last = start;
      for (int i = 0; i < best.length; i++) {
        if (i == 0) {
          caller.take(in);
        } else if (i <= steps.size()) {
          caller.work[i - 1].run();
        } else {
          caller.hand(out);
        }
        long now = System.nanoTime();
        best[i] = Math.min(best[i], now - last);
        last = now;
      }
      bestRun = Math.min(bestRun, last - start);
    }
    return new Profile(profileSteps(best), bestRun);
  }

  private List<Profile.Step> profileSteps(long... nanoseconds) {
    List<Profile.Step> all = new ArrayList<>();
    long given = (long) Float.BYTES * Planar.length(input);
    if (!stem) {
      all.add(profileStep("input", Profile.REORDER, input, nanoseconds[0], 0, 2 * given));
    }
    for (int i = 0; i < steps.size(); i++) {
      Stage stage = stages.get(i);
      Step step = steps.get(i);
      long floats = Planar.length(stage.output());
      for (Value value : stage.reads()) {
        floats += Planar.length(value);
      }
      long bytes = Float.BYTES * floats + step.filterBytes() + (stage.stem() ? given : 0);
      all.add(
          profileStep(
              stage.name(),
              step.algorithm(),
              stage.output(),
              nanoseconds[i + 1],
              step.multiplyAdds(),
              bytes));
    }
    long result = 2L * Float.BYTES * Planar.length(output);
    all.add(
        profileStep(
            "output", Profile.REORDER, output, nanoseconds[nanoseconds.length - 1], 0, result));
    return all;
  }

  private static Profile.Step profileStep(
      String name, String algorithm, Value value, long nanoseconds, long products, long bytes) {
    List<Integer> shape = Arrays.stream(value.shape()).boxed().toList();
    return new Profile.Step(name, algorithm, shape, nanoseconds, products, bytes);
  }

  /** Memory of the packed filters, shared with the sessions of {@link #forInput}. */
  public long filterBytes() {
    return filters.bytes();
  }

  /** Memory of the values of one caller. */
  public long valueBytes() {
    return Float.BYTES * places.floats();
  }

  /** Ends the session's own threads; it must not run any more. */
  @Override
  public void close() {
    synchronized (idle) {
      idle.clear();
    }
    if (owner) {
      workers.close();
    }
  }
}
