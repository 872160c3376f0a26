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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Which tile is best for Winograd's convolution?
 *
 * <p>F(2, 3) computes 2 x 2 outputs from 4 x 4 inputs with 2.25 times fewer multiplications than
 * the direct sum, F(4, 3) 4 x 4 outputs with 4 times fewer, F(6, 3) 6 x 6 with 5.06 times fewer.
 * Larger tiles transform more, waste more at the borders of small images and round more ({@code
 * tools/lanewise verify conv} prints the errors).
 *
 * <p>The score is milliseconds a run of the whole layer, from blocked input to blocked output.
 *
 * <pre>{@code
 * tools/lanewise jmh WinogradVariants -p layer="3x3 64@56"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class WinogradVariants {

  /** A 3x3 row of the layer list. */
  @Param({
    "3x3 64@56",
    "3x3 128@28",
    "3x3 256@14",
    "3x3 512@7",
    "3x3 64@224",
    "3x3 512@28",
    "3x3 dilation 2 256@28"
  })
  public String layer;

  /** The algorithm that the plan is pinned to. */
  @Param({"direct", "winograd-f2", "winograd-f4", "winograd-f6"})
  public String algorithm;

  /** Threads of the worker pool. */
  @Param("1")
  public int threads;

  private Prepared prepared;

  /** Plans and packs. */
  @Setup(Level.Trial)
  public void prepare() {
    prepared =
        new LanewisePeer(Optional.of(Algorithm.of(algorithm)))
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
