package dev.lanewise.bench.jmh;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.SeparableFilters;
import dev.lanewise.kernels.composite.SeparableGradient;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.separable.PackedSeparable;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.ConvShape;
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
 * What does one call for a depthwise 3x3 and a pointwise convolution save over two calls, and what
 * does its backward pass cost?
 *
 * <p>Two calls write what lies between to memory and read it again; one call keeps some rows of it
 * in the caches. The backward pass computes it once more and has four times the multiply-adds of
 * the forward pass.
 *
 * <p>The score is microseconds a run, ReLU between, from blocked operands to a blocked result.
 *
 * <pre>{@code
 * tools/lanewise jmh SeparableCalls -p size=56
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SeparableCalls {

  /** Channels of the input; there are twice as many in the output. */
  @Param({"32", "128", "512"})
  public int channels;

  /** Rows and columns. */
  @Param({"112", "56", "14"})
  public int size;

  /** Threads of the worker pool. */
  @Param("1")
  public int threads;

  private Workers workers;
  private SeparablePlan fused;
  private PackedSeparable packed;
  private ConvPlan depthwise;
  private PackedFilter depthwiseFilter;
  private ConvPlan pointwise;
  private PackedFilter pointwiseFilter;
  private SeparableGradient gradient;
  private SeparableFilters filters;
  private SeparableFilters gradients;
  private float[] input;
  private float[] between;
  private float[] output;
  private float[] gradInput;

  /** Plans and packs. */
  @Setup(Level.Trial)
  public void prepare() {
    workers = Workers.of(threads);
    ConvOptions options = ConvOptions.defaults().withWorkers(workers);
    ConvShape first =
        ConvShape.conv2d(1, channels, size, size, channels, 3, 3).padding(1).groups(channels);
    ConvShape second = ConvShape.conv2d(1, channels, size, size, 2 * channels, 1, 1);
    filters = filters(first, second);
    gradients = filters(first, second);
    fused = SeparablePlan.of(first, 2 * channels, Activation.RELU, options);
    packed = fused.pack(filters.depthwise(), null, filters.pointwise(), null);
    depthwise = ConvPlan.of(first, options.withActivation(Activation.RELU));
    depthwiseFilter = depthwise.pack(filters.depthwise(), null);
    pointwise = ConvPlan.of(second, options);
    pointwiseFilter = pointwise.pack(filters.pointwise(), null);
    gradient = SeparableGradient.of(first, 2 * channels, Activation.RELU, options);
    input = new float[fused.inputLength()];
    gradInput = new float[input.length];
    between = new float[depthwise.outputLength()];
    output = new float[fused.outputLength()];
    fused.warmUp();
    depthwise.warmUp();
    pointwise.warmUp();
  }

  private static SeparableFilters filters(ConvShape first, ConvShape second) {
    return new SeparableFilters(
        new float[first.filterLength()],
        new float[first.outChannels()],
        new float[second.filterLength()],
        new float[second.outChannels()]);
  }

  /** Stops the workers. */
  @TearDown(Level.Trial)
  public void close() {
    workers.close();
  }

  /** Both convolutions in one call. */
  @Benchmark
  public void fused() {
    fused.run(input, packed, output);
  }

  /** One after the other. */
  @Benchmark
  public void twoCalls() {
    depthwise.run(input, depthwiseFilter, between);
    pointwise.run(between, pointwiseFilter, output);
  }

  /** All gradients. */
  @Benchmark
  public void backward() {
    gradient.backward(input, filters, output, gradInput, gradients);
  }
}
