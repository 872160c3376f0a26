package dev.lanewise.bench.jmh;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
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
 * What does it cost to bring activations into the kernels' layout and back?
 *
 * <p>The kernels read and write blocks of 16 channels (NCHW16C). A program whose tensors are planes
 * (NCHW) or pixels (NHWC) pays a reorder at each end, a whole network only at its first and last
 * layer. Here one layer pays for both ends, which is the worst case: the difference to {@code
 * NCHW16C} is the price.
 *
 * <p>The score is milliseconds a run: reorder in, convolution, reorder out.
 *
 * <pre>{@code
 * tools/lanewise jmh Layouts -p layer="1x1 64>256@56"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Layouts {

  /** A row of the layer list: much arithmetic a byte, and little. */
  @Param({"3x3 64@56", "1x1 64>256@56", "1x1 2048>512@7", "depthwise 3x3 32@112"})
  public String layer;

  /** The layout of input and output. */
  @Param({"NCHW16C", "NCHW", "NHWC"})
  public Layout layout;

  private ConvShape shape;
  private Workers workers;
  private ConvPlan plan;
  private PackedFilter filter;
  private float[] input;
  private float[] blockedInput;
  private float[] blockedOutput;
  private float[] output;

  /** Plans and packs. */
  @Setup(Level.Trial)
  public void prepare() {
    shape = Layers.shape(layer);
    workers = Workers.of(1);
    plan = ConvPlan.of(shape, ConvOptions.defaults().withWorkers(workers));
    plan.warmUp();
    Data data = new Data(1);
    filter = plan.pack(data.reals(shape.filterLength()), data.reals(shape.outChannels()));
    float[] planes = data.reals(Layout.NCHW.length(shape.inputDims()));
    input = Reorder.to(shape.inputDims(), Layout.NCHW, planes, layout);
    blockedInput = Reorder.to(shape.inputDims(), Layout.NCHW, planes, Layout.NCHW16C);
    blockedOutput = new float[plan.outputLength()];
    output = new float[layout.length(shape.outputDims())];
  }

  /** Stops the workers. */
  @TearDown(Level.Trial)
  public void close() {
    workers.close();
  }

  /** The layer between tensors of the layout. */
  @Benchmark
  public void run() {
    if (layout == Layout.NCHW16C) {
      plan.run(input, filter, output);
      return;
    }
    Reorder.run(shape.inputDims(), layout, input, Layout.NCHW16C, blockedInput);
    plan.run(blockedInput, filter, blockedOutput);
    Reorder.run(shape.outputDims(), Layout.NCHW16C, blockedOutput, layout, output);
  }
}
