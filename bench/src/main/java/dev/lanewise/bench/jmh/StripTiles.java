package dev.lanewise.bench.jmh;

import dev.lanewise.verify.kernel.BatchKernel;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Which tile does the batch-reduce kernel run fastest?
 *
 * <p>A strip of output pixels times one or two blocks of 16 output channels stays in registers
 * while all products are summed into it. Few pixels leave the multiply-add units waiting for their
 * own results; too many spill registers, which costs a quarter to a half of the speed and shows
 * nowhere else. The operands lie in the first-level cache: only the generated method itself is
 * timed.
 *
 * <p>{@code flops} is operations a nanosecond, which is GFLOP/s: compare it with the peak that
 * {@code tools/lanewise doctor} probes. Narrow lanes have fewer pixels; the others fail and are
 * left out.
 *
 * <pre>{@code
 * tools/lanewise jmh StripTiles -p pixelStride=16 -p blocks=2
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class StripTiles {

  private static final int CALLS = 64;

  /** Output pixels of the strip. */
  @Param({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"})
  public int pixels;

  /** Blocks of 16 output channels. */
  @Param({"1", "2"})
  public int blocks;

  /** Floats from one input pixel to the next: 16 for stride 1, 32 for stride 2. */
  @Param({"16", "32"})
  public int pixelStride;

  private BatchKernel kernel;

  /** Operations of all calls; JMH divides them by the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    /** Two a multiply-add. */
    public long flops;
  }

  /** Makes operands. */
  @Setup(Level.Trial)
  public void prepare() {
    kernel = BatchKernel.of(pixelStride, blocks, pixels);
  }

  /** Many strips. */
  @Benchmark
  public void run(Rate rate) {
    kernel.run(CALLS);
    rate.flops += CALLS * kernel.flops();
  }
}
