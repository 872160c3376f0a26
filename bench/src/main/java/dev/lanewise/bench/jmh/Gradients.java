package dev.lanewise.bench.jmh;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.LanewisePeer;
import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.bench.peer.Problem;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How does the backward pass compare with the forward pass?
 *
 * <p>The gradient of the input is a convolution of the output's gradient, that of the filter a
 * correlation of the input with it; each has as many multiply-adds as the forward pass. A step of
 * training does all three.
 *
 * <p>The score is milliseconds a run, from blocked operands to a blocked result (a plain one for
 * the filter).
 *
 * <pre>{@code
 * tools/lanewise jmh Gradients -p layer="3x3 64@56"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Gradients {

  /** A row of the layer list. */
  @Param({
    "7x7 s2 3>64@224",
    "3x3 64@56",
    "3x3 512@7",
    "3x3 s2 128@56",
    "1x1 64>256@56",
    "depthwise 3x3 512@14",
    "3x3 groups 32 128@56"
  })
  public String layer;

  /** What is computed. */
  @Param({"forward", "data", "filter"})
  public String direction;

  /** Threads of the worker pool. */
  @Param("1")
  public int threads;

  private Prepared prepared;

  /** Plans and packs. */
  @Setup(Level.Trial)
  public void prepare() {
    prepared =
        new LanewisePeer(Optional.empty())
            .prepare(Problem.of(Layers.shape(layer), Direction.of(direction), threads));
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
