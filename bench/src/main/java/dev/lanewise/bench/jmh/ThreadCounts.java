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
 * What does each further thread gain?
 *
 * <p>The plan cuts a layer statically: every worker takes its share of output channels and pixels
 * and waits for the slowest. A layer gains fully where there are many strips for each worker and
 * the machine has that many idle cores; more threads than cores can only lose.
 *
 * <p>The score is milliseconds a run of the whole layer with the algorithm that the plan picks.
 *
 * <pre>{@code
 * tools/lanewise jmh ThreadCounts -p layer="3x3 128@28" -p threads=1,2
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ThreadCounts {

  /** A row of the layer list: large, small, pointwise and depthwise. */
  @Param({"3x3 128@28", "3x3 512@7", "3x3 512@28", "1x1 64>256@56", "depthwise 3x3 512@14"})
  public String layer;

  /** Threads of the worker pool. */
  @Param({"1", "2", "4"})
  public int threads;

  private Prepared prepared;

  /** Plans and packs. */
  @Setup(Level.Trial)
  public void prepare() {
    prepared =
        new LanewisePeer(Optional.empty())
            .prepare(Problem.of(Layers.shape(layer), Direction.FORWARD, threads));
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
