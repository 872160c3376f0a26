package dev.lanewise.bench.peer;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.Conv2dBackpropFilter;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.op.nn.DepthwiseConv2dNativeBackpropFilter;
import org.tensorflow.op.nn.DepthwiseConv2dNativeBackpropInput;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * TensorFlow's convolutions in a graph run by a session, NHWC, the filter a constant. Tensors are
 * fed and fetched in place; the result is allocated by each run.
 *
 * <p>Threads are the session's {@code intra_op_parallelism_threads}, those between operations one.
 */
public final class TensorFlowGraph implements Peer {

  private static final String PADDING = "EXPLICIT";

  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public void load() {
    TensorFlow.version();
  }

  @Override
  public Prepared prepare(Problem problem) {
    for (Problem.Stage stage : problem.stages()) {
      Window.of(stage.shape());
      if (isDepthwise(stage.shape())) {
        depthwisePadding(stage.shape());
      }
      if (problem.direction() != Direction.FORWARD) {
        checkGradient(stage.shape());
      }
    }
    try {
      return new Run(problem);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void checkGradient(ConvShape shape) {
    Check.that(
        shape.groups() == 1 || isDepthwise(shape), "its gradients know no groups but depthwise");
    Check.that(
        shape.axes().stream().allMatch(axis -> axis.dilation() == 1),
        "its gradients know no dilation");
  }

  private static boolean isDepthwise(ConvShape shape) {
    return shape.groups() == shape.inChannels() && shape.groups() > 1;
  }

  private static final class Run implements Prepared {

    private final Problem problem;
    private final Graph graph = new Graph();
    private final Ops ops = Ops.create(graph);
    private final Map<Placeholder<TFloat32>, TFloat32> operands = new LinkedHashMap<>();
    private final Operand<TFloat32> wanted;
    private final Session session;
    private Result result;

    Run(Problem problem) {
      this.problem = problem;
      ConvShape shape = problem.stages().getFirst().shape();
      wanted =
          switch (problem.direction()) {
            case FORWARD -> forward();
            case DATA -> data(problem.stages().getFirst());
            case FILTER -> filter(shape);
          };
      session =
          new Session(
              graph,
              ConfigProto.newBuilder()
                  .setIntraOpParallelismThreads(problem.threads())
                  .setInterOpParallelismThreads(1)
                  .build());
    }

    private Operand<TFloat32> forward() {
      Operand<TFloat32> last =
          operand(problem.input(), problem.stages().getFirst().shape().inputDims());
      for (Problem.Stage stage : problem.stages()) {
        last = ops.nn.biasAdd(convolution(stage, last), ops.constant(stage.bias()));
      }
      return last;
    }

    private Operand<TFloat32> convolution(Problem.Stage stage, Operand<TFloat32> input) {
      ConvShape shape = stage.shape();
      return isDepthwise(shape)
          ? ops.nn.depthwiseConv2dNative(
              input,
              filterConstant(stage),
              strides(shape),
              depthwisePadding(shape),
              DepthwiseConv2dNative.dilations(dilations(shape)))
          : ops.nn.conv2d(
              input,
              filterConstant(stage),
              strides(shape),
              PADDING,
              Conv2d.explicitPaddings(paddings(shape)),
              Conv2d.dilations(dilations(shape)));
    }

    private Operand<TFloat32> data(Problem.Stage stage) {
      ConvShape shape = stage.shape();
      Operand<TInt32> size = ops.constant(nhwc(shape.inputDims()));
      Operand<TFloat32> gradOutput = operand(problem.gradOutput(), shape.outputDims());
      return isDepthwise(shape)
          ? ops.nn.depthwiseConv2dNativeBackpropInput(
              size,
              filterConstant(stage),
              gradOutput,
              strides(shape),
              depthwisePadding(shape),
              DepthwiseConv2dNativeBackpropInput.dilations(dilations(shape)))
          : ops.nn.conv2dBackpropInput(
              size,
              filterConstant(stage),
              gradOutput,
              strides(shape),
              PADDING,
              Conv2dBackpropInput.explicitPaddings(paddings(shape)),
              Conv2dBackpropInput.dilations(dilations(shape)));
    }

    private Operand<TFloat32> filter(ConvShape shape) {
      Operand<TFloat32> input = operand(problem.input(), shape.inputDims());
      Operand<TFloat32> gradOutput = operand(problem.gradOutput(), shape.outputDims());
      Operand<TInt32> size = ops.constant(filterDims(shape));
      return isDepthwise(shape)
          ? ops.nn.depthwiseConv2dNativeBackpropFilter(
              input,
              size,
              gradOutput,
              strides(shape),
              depthwisePadding(shape),
              DepthwiseConv2dNativeBackpropFilter.dilations(dilations(shape)))
          : ops.nn.conv2dBackpropFilter(
              input,
              size,
              gradOutput,
              strides(shape),
              PADDING,
              Conv2dBackpropFilter.explicitPaddings(paddings(shape)),
              Conv2dBackpropFilter.dilations(dilations(shape)));
    }

    /** A placeholder that each run is fed: a constant input would be computed with at once. */
    private Operand<TFloat32> operand(float[] values, int... dims) {
      Placeholder<TFloat32> place =
          ops.placeholder(TFloat32.class, Placeholder.shape(shape(nhwc(dims))));
      float[] pixels = Reorder.to(dims, Layout.NCHW, values, Layout.NHWC);
      operands.put(
          place, TFloat32.tensorOf(shape(nhwc(dims)), DataBuffers.of(pixels, true, false)));
      return place;
    }

    private Operand<TFloat32> filterConstant(Problem.Stage stage) {
      float[] values = filterValues(stage.shape(), stage.filter(), true);
      return ops.constant(shape(filterDims(stage.shape())), DataBuffers.of(values, true, false));
    }

    @Override
    public void run() {
      if (result != null) {
        result.close();
      }
      Session.Runner runner = session.runner().fetch(wanted);
      operands.forEach(runner::feed);
      result = runner.run();
    }

    @Override
    public float[] result() {
      int[] dims = problem.resultDims();
      float[] values = new float[Check.elements("result", dims)];
      ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values, false, false));
      return problem.direction() == Direction.FILTER
          ? filterValues(problem.shape(), values, false)
          : Reorder.to(dims, Layout.NHWC, values, Layout.NCHW);
    }

    @Override
    public String algorithm() {
      return wanted.op().type();
    }

    @Override
    public void close() {
      if (result != null) {
        result.close();
      }
      session.close();
      graph.close();
      operands.values().forEach(TFloat32::close);
    }
  }

  /**
   * The padding of a depthwise convolution by name: given as numbers, TensorFlow 2.18 aborts the
   * process.
   *
   * @throws IllegalArgumentException if no name means the shape's padding
   */
  private static String depthwisePadding(ConvShape shape) {
    if (shape.axes().stream().allMatch(axis -> axis.padBefore() == 0 && axis.padAfter() == 0)) {
      return "VALID";
    }
    Check.that(
        shape.axes().stream().allMatch(TensorFlowGraph::isSame),
        "its depthwise convolution pads as SAME or VALID only");
    return "SAME";
  }

  /** Whether SAME places every window where the axis does. */
  private static boolean isSame(Axis axis) {
    int outputs = (axis.input() + axis.stride() - 1) / axis.stride();
    int padding = Math.max(0, (outputs - 1) * axis.stride() + axis.extent() - axis.input());
    return axis.output() == outputs && axis.padBefore() == padding / 2;
  }

  private static List<Long> strides(ConvShape shape) {
    return perAxis(shape, Axis::stride);
  }

  private static List<Long> dilations(ConvShape shape) {
    return perAxis(shape, Axis::dilation);
  }

  private static List<Long> perAxis(ConvShape shape, ToLongFunction<Axis> value) {
    Window window = Window.of(shape);
    return List.of(1L, value.applyAsLong(window.height()), value.applyAsLong(window.width()), 1L);
  }

  private static List<Long> paddings(ConvShape shape) {
    Axis height = Window.of(shape).height();
    Axis width = Window.of(shape).width();
    return List.of(
        0L,
        0L,
        (long) height.padBefore(),
        (long) height.padAfter(),
        (long) width.padBefore(),
        (long) width.padAfter(),
        0L,
        0L);
  }

  private static int[] nhwc(int... nchw) {
    return new int[] {nchw[0], nchw[2], nchw[3], nchw[1]};
  }

  /** HWIO, or for depthwise {@code [height][width][channel][multiplier]}. */
  private static int[] filterDims(ConvShape shape) {
    int[] dims = shape.filterDims();
    return isDepthwise(shape)
        ? new int[] {dims[2], dims[3], shape.groups(), shape.outChannels() / shape.groups()}
        : new int[] {dims[2], dims[3], dims[1], dims[0]};
  }

  /** From OIHW into TensorFlow's order, in which the output channels are innermost, or back. */
  private static float[] filterValues(ConvShape shape, float[] values, boolean there) {
    int out = shape.outChannels();
    int in = shape.inChannels() / shape.groups();
    int taps = shape.kernelTaps();
    float[] result = new float[values.length];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int tap = 0; tap < taps; tap++) {
          int ours = (o * in + i) * taps + tap;
          int theirs = (tap * in + i) * out + o;
          result[there ? theirs : ours] = values[there ? ours : theirs];
        }
      }
    }
    return result;
  }

  private static Shape shape(int... dims) {
    return Shape.of(Arrays.stream(dims).asLongStream().toArray());
  }
}
