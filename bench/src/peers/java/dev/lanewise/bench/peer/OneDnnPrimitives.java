package dev.lanewise.bench.peer;

import static dev.lanewise.bench.peer.OneDnnMemory.any;
import static dev.lanewise.bench.peer.OneDnnMemory.filterDims;
import static dev.lanewise.bench.peer.OneDnnMemory.longs;
import static dev.lanewise.bench.peer.OneDnnMemory.plain;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import dev.lanewise.bench.peer.Peer.Prepared;
import dev.lanewise.bench.peer.Problem.Stage;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** A problem as oneDNN primitives; those of a chain hand their output on in its layout. */
final class OneDnnPrimitives implements Prepared {

  private final Problem problem;
  private final engine cpu;
  private final stream queue;
  private final List<Call> calls = new ArrayList<>();
  private final List<Pointer> kept = new ArrayList<>();
  private memory result;

  private record Call(primitive work, IntMemoryMap arguments, String algorithm) {}

  OneDnnPrimitives(Problem problem) {
    this.problem = problem;
    cpu = keep(new engine(engine.kind.cpu, 0));
    queue = keep(new stream(cpu));
    // What is not kept is freed at the end of the block.
    try (var _ = new PointerScope()) {
      switch (problem.direction()) {
        case FORWARD -> forward();
        case DATA -> data(problem.stages().getFirst());
        case FILTER -> filter(problem.stages().getFirst());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <P extends Pointer> P keep(P pointer) {
    kept.add(pointer.retainReference());
    return pointer;
  }

  private OneDnnMemory memories() {
    return new OneDnnMemory(cpu, queue);
  }

  private void forward() {
    for (Stage stage : problem.stages()) {
      boolean first = result == null;
      long[] inputDims = longs(stage.shape().inputDims());
      var description =
          describe(
              stage.shape(),
              dnnl.prop_kind.forward_inference,
              first ? any(inputDims) : result.get_desc());
      memory input =
          first ? memories().placed(problem.input(), inputDims, description.src_desc()) : result;
      result = keep(memories().empty(description.dst_desc()));
      call(
          new convolution_forward(description),
          description.impl_info_str().getString(),
          Map.of(
              DNNL_ARG_SRC,
              input,
              DNNL_ARG_WEIGHTS,
              memories()
                  .placed(stage.filter(), filterDims(stage.shape()), description.weights_desc()),
              DNNL_ARG_BIAS,
              memories().placed(stage.bias(), biasDims(stage.shape()), description.bias_desc()),
              DNNL_ARG_DST,
              result));
    }
  }

  private void data(Stage stage) {
    ConvShape shape = stage.shape();
    var description =
        new convolution_backward_data.primitive_desc(
            cpu,
            dnnl.algorithm.convolution_direct,
            any(longs(shape.inputDims())),
            any(filterDims(shape)),
            any(longs(shape.outputDims())),
            strides(shape),
            dilations(shape),
            perAxis(shape, Axis::padBefore),
            perAxis(shape, Axis::padAfter),
            hint(shape));
    result = keep(memories().empty(description.diff_src_desc()));
    call(
        new convolution_backward_data(description),
        description.impl_info_str().getString(),
        Map.of(
            DNNL_ARG_DIFF_DST,
            gradOutput(shape, description.diff_dst_desc()),
            DNNL_ARG_WEIGHTS,
            memories().placed(stage.filter(), filterDims(shape), description.weights_desc()),
            DNNL_ARG_DIFF_SRC,
            result));
  }

  private void filter(Stage stage) {
    ConvShape shape = stage.shape();
    long[] inputDims = longs(shape.inputDims());
    var description =
        new convolution_backward_weights.primitive_desc(
            cpu,
            dnnl.algorithm.convolution_direct,
            any(inputDims),
            any(filterDims(shape)),
            any(longs(shape.outputDims())),
            strides(shape),
            dilations(shape),
            perAxis(shape, Axis::padBefore),
            perAxis(shape, Axis::padAfter),
            hint(shape));
    result = keep(memories().empty(description.diff_weights_desc()));
    call(
        new convolution_backward_weights(description),
        description.impl_info_str().getString(),
        Map.of(
            DNNL_ARG_SRC,
            memories().placed(problem.input(), inputDims, description.src_desc()),
            DNNL_ARG_DIFF_DST,
            gradOutput(shape, description.diff_dst_desc()),
            DNNL_ARG_DIFF_WEIGHTS,
            result));
  }

  private memory gradOutput(ConvShape shape, memory.desc wanted) {
    return memories().placed(problem.gradOutput(), longs(shape.outputDims()), wanted);
  }

  /** The forward pass whose backward pass is described. */
  private convolution_forward.primitive_desc hint(ConvShape shape) {
    return describe(shape, dnnl.prop_kind.forward_training, any(longs(shape.inputDims())));
  }

  private convolution_forward.primitive_desc describe(
      ConvShape shape, dnnl.prop_kind kind, memory.desc input) {
    return new convolution_forward.primitive_desc(
        cpu,
        kind,
        dnnl.algorithm.convolution_direct,
        input,
        any(filterDims(shape)),
        plain(biasDims(shape)),
        any(longs(shape.outputDims())),
        strides(shape),
        dilations(shape),
        perAxis(shape, Axis::padBefore),
        perAxis(shape, Axis::padAfter));
  }

  private void call(primitive work, String algorithm, Map<Integer, memory> operands) {
    IntMemoryMap arguments = keep(new IntMemoryMap());
    operands.forEach(arguments::put);
    calls.add(new Call(keep(work), arguments, algorithm));
  }

  @Override
  public void run() {
    for (Call call : calls) {
      call.work.execute(queue, call.arguments);
    }
    queue._wait();
  }

  @Override
  public float[] result() {
    ConvShape last = problem.stages().getLast().shape();
    long[] dims =
        problem.direction() == Direction.FILTER ? filterDims(last) : longs(problem.resultDims());
    try (var _ = new PointerScope()) {
      return memories().values(result, dims);
    }
  }

  @Override
  public String algorithm() {
    return calls.stream().map(Call::algorithm).collect(Collectors.joining(" + "));
  }

  @Override
  public void close() {
    kept.reversed().forEach(Pointer::releaseReference);
  }

  private static long[] biasDims(ConvShape shape) {
    return new long[] {shape.outChannels()};
  }

  private static long[] strides(ConvShape shape) {
    return perAxis(shape, Axis::stride);
  }

  /** oneDNN counts the elements between two taps. */
  private static long[] dilations(ConvShape shape) {
    return perAxis(shape, axis -> axis.dilation() - 1);
  }

  private static long[] perAxis(ConvShape shape, ToIntFunction<Axis> property) {
    return shape.axes().stream().mapToInt(property).asLongStream().toArray();
  }
}
