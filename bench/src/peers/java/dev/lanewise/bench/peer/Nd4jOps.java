package dev.lanewise.bench.peer;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.DepthwiseConv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * ND4J's conv2d and depthwise_conv2d (the build with oneDNN and AVX-512), NCHW, into arrays that
 * are allocated once. The reorders to and from the layout of the oneDNN inside are part of its
 * time.
 *
 * <p>Threads are set in the OpenMP runtime that it shares with oneDNN, and in its own settings.
 */
public final class Nd4jOps implements Peer {

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public void load() {
    Nd4j.getBackend();
    Nd4j.scalar(1f);
  }

  @Override
  public Prepared prepare(Problem problem) {
    Check.that(
        problem.direction() == Direction.FORWARD,
        "its conv2d_bp computes the gradients of input and filter at once");
    for (Problem.Stage stage : problem.stages()) {
      Window.symmetric(stage.shape());
      Check.that(
          stage.shape().groups() == 1 || isDepthwise(stage.shape()),
          "it has no groups but depthwise");
      Check.that(
          stage.shape().axes().stream().allMatch(axis -> axis.dilation() == 1),
          "the oneDNN inside refuses its dilations");
    }
    load();
    OpenMp.setThreads(problem.threads());
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(problem.threads());
    return new Calls(problem);
  }

  private static boolean isDepthwise(ConvShape shape) {
    return shape.groups() == shape.inChannels() && shape.groups() > 1;
  }

  private static final class Calls implements Prepared {

    private final List<DynamicCustomOp> calls = new ArrayList<>();
    private final INDArray output;

    Calls(Problem problem) {
      INDArray last = array(problem.input(), problem.stages().getFirst().shape().inputDims());
      for (Problem.Stage stage : problem.stages()) {
        INDArray next = array(null, stage.shape().outputDims());
        calls.add(call(stage, last, next));
        last = next;
      }
      output = last;
    }

    private static DynamicCustomOp call(Problem.Stage stage, INDArray input, INDArray output) {
      INDArray filter = array(stage.filter(), stage.shape().filterDims());
      INDArray bias = array(stage.bias(), 1, stage.shape().outChannels()).reshape(-1);
      INDArray[] outputs = {output};
      Conv2DConfig.Conv2DConfigBuilder config = config(Window.of(stage.shape()));
      if (isDepthwise(stage.shape())) {
        // [kernel height][kernel width][channel][multiplier]
        int channels = stage.shape().groups();
        int multiplier = stage.shape().outChannels() / channels;
        int[] dims = stage.shape().filterDims();
        INDArray byChannel =
            filter.reshape(channels, multiplier, dims[2], dims[3]).permute(2, 3, 0, 1).dup('c');
        return new DepthwiseConv2D(
            new INDArray[] {input, byChannel, bias}, outputs, config.build());
      }
      return new Conv2D(
          new INDArray[] {input, filter, bias},
          outputs,
          config.weightsFormat(WeightsFormat.OIYX).build());
    }

    private static Conv2DConfig.Conv2DConfigBuilder config(Window window) {
      return Conv2DConfig.builder()
          .kH(window.height().kernel())
          .kW(window.width().kernel())
          .sH(window.height().stride())
          .sW(window.width().stride())
          .pH(window.height().padBefore())
          .pW(window.width().padBefore())
          .dH(window.height().dilation())
          .dW(window.width().dilation())
          // Its name for padding as given.
          .paddingMode(PaddingMode.VALID)
          .dataFormat("NCHW");
    }

    private static INDArray array(float[] values, int... dims) {
      long[] shape = Arrays.stream(dims).asLongStream().toArray();
      return values == null
          ? Nd4j.create(org.nd4j.linalg.api.buffer.DataType.FLOAT, shape, 'c')
          : Nd4j.createFromArray(values).reshape('c', shape);
    }

    @Override
    public void run() {
      for (DynamicCustomOp call : calls) {
        Nd4j.exec(call);
      }
    }

    @Override
    public float[] result() {
      return output.ravel().toFloatVector();
    }

    @Override
    public String algorithm() {
      return calls.stream().map(DynamicCustomOp::opName).collect(Collectors.joining(" + "));
    }

    @Override
    public void close() {
      output.close();
    }
  }
}
