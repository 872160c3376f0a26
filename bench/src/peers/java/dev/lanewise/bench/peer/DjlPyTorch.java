package dev.lanewise.bench.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * PyTorch's conv2d through the Deep Java Library, on plain NCHW as its users have it: the reorders
 * to and from the layout of the oneDNN inside are part of its time, and so is the allocation of
 * each result.
 *
 * <p>Backward is autograd's walk over a recorded forward pass. It adds to the gradient of the runs
 * before, and this one pass over the gradient is timed too.
 *
 * <p>Threads are set with {@code torch::set_num_threads}, those between operations to one.
 */
public final class DjlPyTorch implements Peer {

  @Override
  public String name() {
    return "djl-pytorch";
  }

  @Override
  public void load() {
    // The natives are on the class path: nothing is to be fetched or reported.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    Engine.getEngine("PyTorch");
  }

  @Override
  public Prepared train(TrainingStep step) {
    load();
    JniUtils.setNumThreads(step.threads());
    return new TorchTraining(step);
  }

  @Override
  public Prepared prepare(Problem problem) {
    load();
    problem.stages().forEach(stage -> Window.symmetric(stage.shape()));
    JniUtils.setNumThreads(problem.threads());
    return problem.direction() == Direction.FORWARD ? new Forward(problem) : new Backward(problem);
  }

  /** A convolution with its operands in PyTorch's memory. */
  private record Layer(NDArray filter, NDArray bias, ConvShape shape) {

    static Layer of(Problem.Stage stage, boolean bias, NDManager manager) {
      return new Layer(
          manager.create(stage.filter(), dims(stage.shape().filterDims())),
          bias ? manager.create(stage.bias()) : null,
          stage.shape());
    }

    NDArray apply(NDArray input) {
      Window window = Window.of(shape);
      return Conv2d.conv2d(
              input,
              filter,
              bias,
              new Shape(window.height().stride(), window.width().stride()),
              new Shape(window.height().padBefore(), window.width().padBefore()),
              new Shape(window.height().dilation(), window.width().dilation()),
              shape.groups())
          .singletonOrThrow();
    }
  }

  private static final class Forward implements Prepared {

    private final NDManager manager = NDManager.newBaseManager();
    private final NDArray input;
    private final List<Layer> layers = new ArrayList<>();
    private final List<NDArray> outputs = new ArrayList<>();

    Forward(Problem problem) {
      input =
          manager.create(problem.input(), dims(problem.stages().getFirst().shape().inputDims()));
      for (Problem.Stage stage : problem.stages()) {
        layers.add(Layer.of(stage, true, manager));
      }
    }

    @Override
    public void run() {
      outputs.forEach(NDArray::close);
      outputs.clear();
      NDArray last = input;
      for (Layer layer : layers) {
        last = layer.apply(last);
        outputs.add(last);
      }
    }

    @Override
    public float[] result() {
      return outputs.getLast().toFloatArray();
    }

    @Override
    public String algorithm() {
      return "conv2d";
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private static final class Backward implements Prepared {

    private final NDManager manager = NDManager.newBaseManager();
    private final GradientCollector recording = Engine.getInstance().newGradientCollector();
    private final PtNDArray wanted;
    private final PtNDArray output;
    private final PtNDArray gradOutput;
    private int runs;

    Backward(Problem problem) {
      Problem.Stage stage = problem.stages().getFirst();
      NDArray input = manager.create(problem.input(), dims(stage.shape().inputDims()));
      Layer layer = Layer.of(stage, false, manager);
      wanted = (PtNDArray) (problem.direction() == Direction.DATA ? input : layer.filter());
      wanted.setRequiresGradient(true);
      output = (PtNDArray) layer.apply(input);
      gradOutput =
          (PtNDArray) manager.create(problem.gradOutput(), dims(stage.shape().outputDims()));
    }

    @Override
    public void run() {
      JniUtils.backward(output, gradOutput, true, false);
      runs++;
    }

    @Override
    public float[] result() {
      float[] sum = wanted.getGradient().toFloatArray();
      for (int i = 0; i < sum.length; i++) {
        sum[i] /= runs;
      }
      return sum;
    }

    @Override
    public String algorithm() {
      return "autograd";
    }

    @Override
    public void close() {
      recording.close();
      manager.close();
    }
  }

  private static Shape dims(int... dims) {
    return new Shape(Arrays.stream(dims).asLongStream().toArray());
  }
}
