package dev.lanewise.bench.jmh;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does each activation cost where its values lie in the first-level cache?
 *
 * <p>A convolution applies its activation to each piece of output that it has just written. ReLU is
 * two instructions; sigmoid, tanh and GELU evaluate an exponential to within two units in the last
 * place.
 *
 * <p>{@code values} is values a nanosecond; a layer of 231 MFLOP such as 3x3 64@56 has 200,000.
 *
 * <pre>{@code
 * tools/lanewise jmh ActivationRates -p activation=relu,silu
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ActivationRates {

  /** 16 kB, half a first-level cache. */
  private static final int FLOATS = 4096;

  /** Its name. */
  @Param({"identity", "relu", "relu6", "hardswish", "sigmoid", "tanh", "silu", "gelu"})
  public String activation;

  private Activation function;
  private float[] source;
  private float[] values;

  /** Values of all runs; JMH divides them by the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    /** Applied to so many. */
    public long values;
  }

  /** Makes values. */
  @Setup(Level.Trial)
  public void prepare() {
    function =
        switch (activation) {
          case "identity" -> Activation.IDENTITY;
          case "relu" -> Activation.RELU;
          case "relu6" -> Activation.RELU6;
          case "hardswish" -> Activation.HARD_SWISH;
          case "sigmoid" -> Activation.SIGMOID;
          case "tanh" -> Activation.TANH;
          case "silu" -> Activation.SILU;
          case "gelu" -> Activation.GELU;
          default -> throw new IllegalArgumentException("no activation is called " + activation);
        };
    source = new Data(1).reals(FLOATS);
    values = new float[FLOATS];
  }

  /** Copies fresh values, which {@code identity} shows the price of, and applies it in place. */
  @Benchmark
  public void run(Rate rate) {
    System.arraycopy(source, 0, values, 0, FLOATS);
    Activations.apply(function, values, 0, FLOATS);
    rate.values += FLOATS;
  }
}
