package dev.lanewise.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.OnnxExport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * ONNX Runtime's CPU provider on models of nothing but Conv, or on networks that Lanewise exported,
 * with every graph optimisation. Input and output live in tensors outside of the Java heap that are
 * bound once, so that no copy between the heap and the library is timed. It has no backward pass.
 *
 * <p>A model's interface is plain NCHW: where the library prefers its blocked layout, the reorders
 * to and from it are part of its time, as they are part of this model.
 */
public final class OnnxRuntime implements Peer {

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public void load() {
    OrtEnvironment.getEnvironment();
  }

  @Override
  public Prepared prepare(Problem problem) {
    Check.that(problem.direction() == Direction.FORWARD, "it has no backward pass");
    try {
      return new Session(
          open(ConvModel.bytes(problem), problem.threads()),
          problem.input(),
          problem.stages().getFirst().shape().inputDims());
    } catch (OrtException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public Prepared infer(Inference inference) {
    int[] dims = inference.inputDims();
    try {
      byte[] model = OnnxExport.bytes(inference.network(), dims);
      return new Session(open(model, inference.threads()), inference.images(), dims);
    } catch (OrtException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public void save(Inference inference, Path file) throws IOException {
    OnnxExport.write(inference.network(), file, inference.inputDims());
  }

  @Override
  public float[] start(Inference inference, Path file) throws IOException {
    try (SessionOptions options = options(inference.threads());
        Session ready =
            new Session(
                OrtEnvironment.getEnvironment().createSession(file.toString(), options),
                inference.images(),
                inference.inputDims())) {
      ready.run();
      return ready.result();
    } catch (OrtException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static SessionOptions options(int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setExecutionMode(ExecutionMode.SEQUENTIAL);
    options.setInterOpNumThreads(1);
    options.setIntraOpNumThreads(threads);
    // Idle threads would keep spinning in the turns of the others.
    options.addConfigEntry("session.force_spinning_stop", "1");
    options.setOptimizationLevel(OptLevel.ALL_OPT);
    return options;
  }

  private static OrtSession open(byte[] model, int threads) throws OrtException {
    try (SessionOptions options = options(threads)) {
      return OrtEnvironment.getEnvironment().createSession(model, options);
    }
  }

  private static final class Session implements Prepared {

    private final OrtSession session;
    private final OnnxTensor input;
    private final OnnxTensor output;
    private final FloatBuffer result;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    Session(OrtSession session, float[] given, int[] dims) throws OrtException {
      this.session = session;
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      String to = session.getOutputNames().iterator().next();
      TensorInfo info = (TensorInfo) session.getOutputInfo().get(to).getInfo();
      long[] outputDims = info.getShape();
      FloatBuffer values = floats(longs(dims)).put(given).flip();
      result = floats(outputDims);
      input = OnnxTensor.createTensor(environment, values, longs(dims));
      output = OnnxTensor.createTensor(environment, result, outputDims);
      inputs = Map.of(session.getInputNames().iterator().next(), input);
      outputs = Map.of(to, output);
    }

    @Override
    public void run() {
      try {
        session.run(inputs, outputs).close();
      } catch (OrtException e) {
        throw new IllegalStateException("onnxruntime: " + e.getMessage(), e);
      }
    }

    @Override
    public float[] result() {
      float[] values = new float[result.capacity()];
      result.get(0, values);
      return values;
    }

    @Override
    public String algorithm() {
      return "CPU";
    }

    @Override
    public void close() {
      output.close();
      input.close();
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException("onnxruntime: " + e.getMessage(), e);
      }
    }
  }

  private static FloatBuffer floats(long[] dims) {
    int length = Check.elements("tensor", Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
    return ByteBuffer.allocateDirect(Math.multiplyExact(length, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static long[] longs(int[] dims) {
    return Arrays.stream(dims).asLongStream().toArray();
  }
}
