package dev.lanewise.bench.peer;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * oneDNN's inference convolution. The library chooses the layouts of source, filter and destination
 * (format {@code any}); source and filter are brought into them before the timing, so no reorder is
 * timed.
 */
public final class OneDnn implements Peer {

  private static final List<format_tag> PLAIN =
      List.of(
          format_tag.x,
          format_tag.ab,
          format_tag.abc,
          format_tag.abcd,
          format_tag.abcde,
          format_tag.abcdef);

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public Prepared prepare(Problem problem) {
    setThreads(problem.threads());
    try {
      return new Primitive(problem);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("onednn: " + problem.shape() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Sets the number of OpenMP threads that this thread's parallel regions get. The environment
   * variable OMP_NUM_THREADS would have to be there before the process starts.
   */
  @SuppressWarnings("restricted")
  private static void setThreads(int threads) {
    // Loading the library loads OpenMP's runtime into this class loader, where the lookup finds it.
    new engine().close();
    var function =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.loaderLookup().findOrThrow("omp_set_num_threads"),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    try {
      function.invokeExact(threads);
    } catch (Throwable e) {
      throw new IllegalStateException("omp_set_num_threads failed", e);
    }
  }

  private static final class Primitive implements Prepared {

    private final engine cpu;
    private final stream queue;
    private final convolution_forward convolution;
    private final IntMemoryMap arguments;
    private final memory output;
    private final long[] outputDims;
    private final String algorithm;

    Primitive(Problem problem) {
      ConvShape shape = problem.shape();
      outputDims = longs(shape.outputDims());
      // What is not retained is freed at the end of the block.
      try (var _ = new PointerScope()) {
        cpu = new engine(engine.kind.cpu, 0).retainReference();
        queue = new stream(cpu).retainReference();
        var description = describe(shape);
        algorithm = description.impl_info_str().getString();
        convolution = new convolution_forward(description).retainReference();
        output = new memory(description.dst_desc(), cpu).retainReference();
        memory bias = new memory(description.bias_desc(), cpu);
        floats(bias).put(problem.bias());
        arguments = new IntMemoryMap().retainReference();
        arguments
            .put(
                DNNL_ARG_SRC,
                placed(problem.input(), longs(shape.inputDims()), description.src_desc()))
            .put(
                DNNL_ARG_WEIGHTS,
                placed(problem.filter(), filterDims(shape), description.weights_desc()))
            .put(DNNL_ARG_BIAS, bias)
            .put(DNNL_ARG_DST, output);
      }
    }

    private convolution_forward.primitive_desc describe(ConvShape shape) {
      return new convolution_forward.primitive_desc(
          cpu,
          dnnl.prop_kind.forward_inference,
          dnnl.algorithm.convolution_direct,
          any(longs(shape.inputDims())),
          any(filterDims(shape)),
          new memory.desc(new long[] {shape.outChannels()}, data_type.f32, format_tag.x),
          any(outputDims),
          perAxis(shape, Axis::stride),
          perAxis(shape, axis -> axis.dilation() - 1),
          perAxis(shape, Axis::padBefore),
          perAxis(shape, Axis::padAfter));
    }

    /** A copy of the plain values in the layout that the library wants. */
    private memory placed(float[] values, long[] dims, memory.desc wanted) {
      memory plain = plain(dims);
      floats(plain).put(values);
      memory result = new memory(wanted, cpu);
      reorder(plain, result);
      return result;
    }

    private memory plain(long[] dims) {
      return new memory(new memory.desc(dims, data_type.f32, PLAIN.get(dims.length - 1)), cpu);
    }

    private void reorder(memory from, memory to) {
      new reorder(from, to).execute(queue, from, to);
      queue._wait();
    }

    @Override
    public void run() {
      convolution.execute(queue, arguments);
      queue._wait();
    }

    @Override
    public float[] output() {
      try (var _ = new PointerScope()) {
        memory plain = plain(outputDims);
        reorder(output, plain);
        float[] values =
            new float[Math.toIntExact(Arrays.stream(outputDims).reduce(1, Math::multiplyExact))];
        floats(plain).get(values);
        return values;
      }
    }

    @Override
    public String algorithm() {
      return algorithm;
    }

    @Override
    public void close() {
      for (Pointer pointer : List.of(arguments, output, convolution, queue, cpu)) {
        pointer.releaseReference();
      }
    }
  }

  private static memory.desc any(long[] dims) {
    return new memory.desc(dims, data_type.f32, format_tag.any);
  }

  /** OIHW, or GOIHW where there is more than one group. */
  private static long[] filterDims(ConvShape shape) {
    long[] dims = longs(shape.filterDims());
    if (shape.groups() == 1) {
      return dims;
    }
    long[] grouped = new long[dims.length + 1];
    System.arraycopy(dims, 0, grouped, 1, dims.length);
    grouped[0] = shape.groups();
    grouped[1] = shape.outChannels() / shape.groups();
    return grouped;
  }

  private static long[] perAxis(ConvShape shape, ToIntFunction<Axis> property) {
    return shape.axes().stream().mapToInt(property).asLongStream().toArray();
  }

  private static long[] longs(int[] dims) {
    return Arrays.stream(dims).asLongStream().toArray();
  }

  private static FloatPointer floats(memory values) {
    return new FloatPointer(values.get_data_handle());
  }
}
