package dev.lanewise.bench.jmh;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.check.Data;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * How near does pooling come to the speed of memory?
 *
 * <p>Pooling does one operation for each input of each window: what counts is how fast input is
 * read.
 *
 * <p>{@code bytes} is bytes of input and output a nanosecond, which is GB/s; overlapping windows
 * read from the first-level cache and are not counted again.
 *
 * <pre>{@code
 * tools/lanewise jmh Pooling -p kind=max -p layer="3x3 s2 64@112"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Pooling {

  /** Window, stride, channels and size of the input. */
  @Param({"2x2 s2 64@224", "3x3 s2 64@112", "3x3 s1 256@28", "global 2048@7"})
  public String layer;

  /** What a window is reduced to. */
  @Param({"max", "average"})
  public String kind;

  private Workers workers;
  private PoolPlan plan;
  private float[] input;
  private float[] output;

  /** Bytes of all runs; JMH divides them by the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    /** Input and output, once each. */
    public long bytes;
  }

  /** Plans. */
  @Setup(Level.Trial)
  public void prepare() {
    PoolShape shape =
        switch (layer) {
          case "2x2 s2 64@224" -> PoolShape.pool2d(1, 64, 224, 224, 2, 2).stride(2);
          case "3x3 s2 64@112" -> PoolShape.pool2d(1, 64, 112, 112, 3, 3).stride(2).padding(1);
          case "3x3 s1 256@28" -> PoolShape.pool2d(1, 256, 28, 28, 3, 3).padding(1);
          case "global 2048@7" -> PoolShape.global(1, 2048, 7, 7);
          default -> throw new IllegalArgumentException("no pooling is called " + layer);
        };
    workers = Workers.of(1);
    plan =
        switch (kind) {
          case "max" -> PoolPlan.max(shape, workers);
          case "average" -> PoolPlan.average(shape, false, workers);
          default -> throw new IllegalArgumentException("no kind is called " + kind);
        };
    input = new Data(1).reals(Layout.NCHW16C.length(shape.inputDims()));
    output = new float[Layout.NCHW16C.length(shape.outputDims())];
  }

  /** Stops the workers. */
  @TearDown(Level.Trial)
  public void close() {
    workers.close();
  }

  /** The whole layer, once. */
  @Benchmark
  public void run(Rate rate) {
    plan.run(input, output);
    rate.bytes += (long) Float.BYTES * (input.length + output.length);
  }
}
