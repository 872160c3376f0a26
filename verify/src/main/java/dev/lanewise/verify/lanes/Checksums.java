package dev.lanewise.verify.lanes;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.activation.Softmax;
import dev.lanewise.kernels.gemm.Gemm;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.norm.LocalResponseNorm;
import dev.lanewise.kernels.norm.NormPlan;
import dev.lanewise.kernels.norm.Statistics;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.separable.PackedSeparable;
import dev.lanewise.kernels.separable.SeparablePlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.kernels.simd.Lanes;
import dev.lanewise.verify.LayerList;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.reference.BlockedLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Prints the number of lanes and, line by line, checksums of results that must have the same bits
 * on every lane width and for 1 and 2 threads.
 */
public final class Checksums {

  private static final List<String> SHAPES =
      List.of(
          "ic32ih14oc48oh14kh3ph1",
          "mb2ic3ih17oc20oh9kh3sh2ph1",
          "ic64ih7oc33oh7kh1",
          "ic128ih10oc64kh1",
          "g4ic24iw40oc36kw3pw2dw1",
          "g19ic19ih12oc19kh5ph2",
          "g19ic19ih14oc19kh3ph1",
          "g17ic17ih15oc34kh3sh2ph1",
          "g16ic16iw21oc48kw3pw2dw1",
          "g8ic32ih9oc32kh3ph1",
          "mb2g5ic20ih13oc40kh5sh2ph2",
          "ic17id4oc5kd2pd1",
          "ic20ih13oc16kh5ph2",
          "ic16ih15oc16kh3ph2dh1",
          "g8ic32ih10oc32kh3ph1",
          "g32ic32ih11oc64kh3sh2ph1",
          "ic4ih30oc5kh17ph8");

  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.IDENTITY,
          Activation.RELU6,
          new Activation.LeakyRelu(0.1f),
          Activation.TANH,
          Activation.SIGMOID,
          Activation.EXP,
          Activation.LOG,
          Activation.ERF,
          Activation.SELU,
          new Activation.Celu(0.7f),
          Activation.SILU,
          Activation.HARD_SWISH,
          new Activation.HardSigmoid(0.2f, 0.5f),
          Activation.GELU,
          Activation.GELU_TANH,
          Activation.SOFTPLUS,
          Activation.SOFTSIGN,
          Activation.MISH);

  private Checksums() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    System.out.println("lanes " + Lanes.LANES);
    for (int threads = 1; threads <= 2; threads++) {
      try (Workers workers = Workers.of(threads)) {
        picks(threads, workers);
        convolutions(threads, workers);
        gradients(threads, workers);
        separables(threads, workers);
        products(threads, workers);
        poolings(threads, workers);
        norms(threads, workers);
      }
    }
    activations();
  }

  private static void print(String what, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    System.out.printf("%s: %08x%n", what, checksum.getValue());
  }

  /** What the cost model chooses: another algorithm would give other bits. */
  private static void picks(int threads, Workers workers) {
    ConvOptions options = ConvOptions.defaults().withWorkers(workers);
    List<ConvShape> shapes = new ArrayList<>(SHAPES.stream().map(ConvShape::parse).toList());
    LayerList.rows().forEach(row -> shapes.add(row.shape()));
    for (ConvShape shape : shapes) {
      String pick = ConvPlan.of(shape, options).algorithm().label();
      System.out.printf("pick for %s, %d threads: %s%n", shape, threads, pick);
    }
  }

  private static void convolutions(int threads, Workers workers) {
    for (Algorithm algorithm : Algorithm.values()) {
      for (int i = 0; i < SHAPES.size(); i++) {
        ConvShape shape = ConvShape.parse(SHAPES.get(i));
        if (algorithm.objection(shape).isPresent()) {
          continue;
        }
        Activation activation = ACTIVATIONS.get(i % ACTIVATIONS.size());
        ConvOptions options =
            ConvOptions.defaults()
                .withAlgorithm(algorithm)
                .withActivation(activation)
                .withResidual()
                .withWorkers(workers);
        ConvPlan plan = ConvPlan.of(shape, options);
        Data data = new Data(i);
        float[] input = blocked(data, shape.inputDims());
        float[] residual = blocked(data, shape.outputDims());
        float[] output = new float[plan.outputLength()];
        plan.run(
            input,
            plan.pack(data.reals(shape.filterLength()), data.reals(shape.outChannels())),
            residual,
            output);
        print(
            "%s %s %s, %d threads".formatted(algorithm.label(), shape, activation, threads),
            output);
      }
    }
  }

  private static void gradients(int threads, Workers workers) {
    for (int i = 0; i < SHAPES.size(); i++) {
      ConvShape shape = ConvShape.parse(SHAPES.get(i));
      ConvGradient gradient = ConvGradient.of(shape, ConvOptions.defaults().withWorkers(workers));
      Data data = new Data(i);
      float[] input = blocked(data, shape.inputDims());
      float[] gradOutput = blocked(data, shape.outputDims());
      float[] gradInput = new float[input.length];
      float[] gradFilter = new float[shape.filterLength()];
      gradient.data(data.reals(shape.filterLength()), gradOutput, gradInput);
      gradient.filter(input, gradOutput, gradFilter);
      print("gradient of input %s, %d threads".formatted(shape, threads), gradInput);
      print("gradient of filter %s, %d threads".formatted(shape, threads), gradFilter);
      transformed(shape, threads, workers, input, gradOutput);
    }
  }

  /** Gradients by filter of the algorithms that transform their operands, where they are used. */
  private static void transformed(
      ConvShape shape, int threads, Workers workers, float[] input, float[] gradOutput) {
    for (Algorithm algorithm : Algorithm.values()) {
      ConvOptions options = ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(workers);
      ConvGradient gradient = ConvGradient.of(shape, options);
      if (!algorithm.isSummation() && gradient.filterAlgorithm() == algorithm) {
        float[] gradFilter = new float[shape.filterLength()];
        gradient.filter(input, gradOutput, gradFilter);
        print(
            "gradient of filter %s %s, %d threads".formatted(algorithm.label(), shape, threads),
            gradFilter);
      }
    }
  }

  private static void separables(int threads, Workers workers) {
    for (String text : List.of("mb2g19ic19ih14oc38kh3ph1", "g40ic40ih15oc40kh5sh2ph2")) {
      ConvShape shape = ConvShape.parse(text);
      int channels = 37;
      ConvOptions options =
          ConvOptions.defaults().withActivation(Activation.SIGMOID).withWorkers(workers);
      SeparablePlan plan = SeparablePlan.of(shape, channels, Activation.RELU6, options);
      Data data = new Data(1);
      PackedSeparable packed =
          plan.pack(
              data.reals(shape.filterLength()),
              data.reals(shape.outChannels()),
              data.reals(channels * shape.outChannels()),
              data.reals(channels));
      float[] output = new float[plan.outputLength()];
      plan.run(blocked(data, shape.inputDims()), packed, output);
      print("separable %s, %d threads".formatted(shape, threads), output);
    }
  }

  private static void products(int threads, Workers workers) {
    Data data = new Data(1);
    int m = 37;
    int n = 45;
    int k = 130;
    float[] c = data.reals(m * n);
    Gemm.multiply(
        false,
        true,
        m,
        n,
        k,
        data.reals(m * k),
        0,
        k,
        data.reals(n * k),
        0,
        k,
        1,
        c,
        0,
        n,
        workers);
    print("product, %d threads".formatted(threads), c);
  }

  private static void poolings(int threads, Workers workers) {
    PoolShape shape = PoolShape.pool2d(2, 19, 13, 15, 3, 3).stride(2).padding(1).ceilMode(true);
    List<PoolPlan> plans =
        List.of(
            PoolPlan.max(shape, workers),
            PoolPlan.min(shape, workers),
            PoolPlan.average(shape, false, workers),
            PoolPlan.average(shape, true, workers),
            PoolPlan.lp(shape, 1, workers),
            PoolPlan.lp(shape, 2, workers),
            PoolPlan.lp(shape, 3, workers),
            PoolPlan.mixed(shape, true, new float[] {0.3f}, workers),
            PoolPlan.adaptiveAverage(shape.inputDims(), new int[] {4, 7}, workers));
    for (int i = 0; i < plans.size(); i++) {
      Data data = new Data(i);
      PoolPlan plan = plans.get(i);
      float[] input = blocked(data, shape.inputDims());
      float[] output = new float[plan.outputLength()];
      float[] gradient = new float[plan.inputLength()];
      plan.run(input, output);
      plan.backward(input, output, blocked(data, plan.outputDims()), gradient);
      print("pool %d, %d threads".formatted(i, threads), output);
      print("pool %d gradient, %d threads".formatted(i, threads), gradient);
    }
  }

  private static void norms(int threads, Workers workers) {
    int[] dims = {2, 20, 19, 17};
    List<NormPlan> plans =
        List.of(NormPlan.batch(dims, 1e-5f, workers), NormPlan.group(dims, 4, 1e-5f, workers));
    for (int i = 0; i < plans.size(); i++) {
      NormPlan plan = plans.get(i);
      Data data = new Data(i);
      float[] x = blocked(data, dims);
      float[] gamma = data.reals(20);
      float[] beta = data.reals(20);
      float[] y = new float[x.length];
      Statistics statistics = plan.statistics();
      plan.run(x, gamma, beta, statistics, y);
      print("norm %d, %d threads".formatted(i, threads), y);
      plan.backward(x, gamma, statistics, blocked(data, dims), y, gamma, beta);
      print("norm %d gradient, %d threads".formatted(i, threads), y);
      print("norm %d gradient of gamma, %d threads".formatted(i, threads), gamma);
    }
    float[] x = blocked(new Data(7), dims);
    LocalResponseNorm local = LocalResponseNorm.of(dims, 5, 1, 0.75f, 1, workers);
    local.run(x, x);
    print("local response norm, %d threads".formatted(threads), x);
    Softmax softmax = Softmax.channels(dims, false, workers);
    softmax.run(x, x);
    print("softmax, %d threads".formatted(threads), x);
    Softmax.channels(dims, true, workers).run(x, x);
    print("log-softmax, %d threads".formatted(threads), x);
  }

  private static void activations() {
    for (Activation activation : ACTIVATIONS) {
      float[] values = new Data(1).reals(1003);
      for (int i = 0; i < values.length; i++) {
        values[i] *= 20;
      }
      Activations.apply(activation, values, 0, values.length);
      print(activation.toString(), values);
      float[] gradient = new Data(2).reals(values.length);
      Activations.backward(activation, values, gradient, gradient, 0, gradient.length);
      print(activation + " gradient", gradient);
    }
  }

  private static float[] blocked(Data data, int... dims) {
    BlockedLayout layout = new BlockedLayout(dims);
    return layout.toBlocked(data.reals(layout.denseLength()));
  }
}
