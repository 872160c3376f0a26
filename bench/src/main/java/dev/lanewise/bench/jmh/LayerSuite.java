package dev.lanewise.bench.jmh;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.kernels.plan.Algorithm;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the suites over rows of the layer list have in common: a run is the whole layer with its
 * bias, from blocked operands to a blocked result (a plain one for the gradient by filter), in
 * milliseconds; planning, packing and reordering are set-up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public abstract class LayerSuite {

  private Prepared prepared;

  /** The layer of this trial, planned and packed. */
  abstract Prepared plan();

  /** A row of the layer list on Lanewise. */
  static Prepared plan(
      String layer, Optional<Algorithm> algorithm, Direction direction, int threads) {
    return new LanewisePeer(algorithm).prepare(Problem.of(Layers.shape(layer), direction, threads));
  }

  /** Plans and packs. */
  @Setup(Level.Trial)
  public void prepare() {
    prepared = plan();
  }

  /** Stops the workers. */
  @TearDown(Level.Trial)
  public void close() {
    prepared.close();
  }

  /** The whole layer, once. */
  @Benchmark
  public void run() {
    prepared.run();
  }
}
