package dev.lanewise.verify.lanes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.BatchNorm;
import dev.lanewise.nn.layer.Branches;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.LocalResponseNorm;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.PadChannels;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Residual;
import dev.lanewise.nn.layer.Sequential;
import dev.lanewise.nn.layer.SqueezeExcitation;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.session.Profile;
import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;
import dev.lanewise.verify.check.Allocation;
import dev.lanewise.verify.check.Data;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run or an update allocates nothing, on any thread, once the compiler has compiled it. */
@Tag("steady-state")
class AllocationTest {

  private static final int RUNS = 20;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  @ParameterizedTest
  @EnumSource
  void aSteadyConvolutionAllocatesNothing(Algorithm algorithm) {
    ConvShape shape =
        Stream.of("kh3ph1", "g64kh3ph1", "g16kh3ph1", "sh2kh3ph1", "sh2kh5ph2", "kh1")
            .map(kind -> ConvShape.parse("ic64ih14oc64" + kind))
            .filter(candidate -> algorithm.objection(candidate).isEmpty())
            .findFirst()
            .orElseThrow();
    try (Workers workers = Workers.of(2)) {
      ConvPlan plan =
          ConvPlan.of(
              shape,
              ConvOptions.defaults()
                  .withAlgorithm(algorithm)
                  .withActivation(Activation.TANH)
                  .withWorkers(workers));
      Data data = new Data(1);
      float[] input = data.reals(plan.inputLength());
      float[] output = new float[plan.outputLength()];
      PackedFilter filter =
          plan.pack(data.reals(shape.filterLength()), data.reals(shape.outChannels()));
      assertEquals(0, steadyBytes(() -> plan.run(input, filter, output)));
    }
  }

  @Test
  void aSteadyPoolingAllocatesNothing() {
    try (Workers workers = Workers.of(2)) {
      PoolPlan plan = PoolPlan.max(PoolShape.pool2d(1, 32, 14, 14, 3, 3), workers);
      float[] input = new Data(1).reals(plan.inputLength());
      float[] output = new float[plan.outputLength()];
      assertEquals(0, steadyBytes(() -> plan.run(input, output)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop"})
  void aSteadyOptimizerAllocatesNothing(String name) {
    Tensor weight = Tensor.parameter(30_000);
    MeanSquaredError.of(weight, Tensor.zeros(30_000), Context.training(Workers.shared()))
        .backward();
    Optimizer optimizer =
        Optimizer.create(name, List.of(weight), 0.1f, name.equals("sgd") ? 0.9f : 0, 1e-4f);
    assertEquals(0, steadyBytes(optimizer::step));
  }

  /** Every kind of step but those of layers that a session does not know. */
  @Test
  void aSteadySessionAllocatesNothing() {
    Branches branches =
        new Branches()
            .add("narrow", new Conv2d(24, 5, 1))
            .add("wide", new Conv2d(24, 11, 3).padding(1))
            .add("pool", Pool.max(3).stride(1).padding(1));
    Residual option =
        new Residual(Sequential.of(new BatchNorm(40), Activate.relu()), Activation.RELU);
    Network network =
        new Network(
                "small",
                new int[] {3, 12, 12},
                Sequential.of(
                    new Conv2d(3, 16, 3).padding(1),
                    new BatchNorm(16),
                    Activate.silu(),
                    new LocalResponseNorm(5),
                    new Conv2d(16, 16, 3).padding(1).groups(16),
                    new SqueezeExcitation(16, 4, Activation.RELU, Activation.SIGMOID),
                    new Residual(Sequential.of(new Conv2d(16, 16, 3).padding(1)), Activation.RELU),
                    new PadChannels(24),
                    branches,
                    option,
                    new Conv2d(40, 20, 1),
                    Pool.average(2),
                    new Flatten(),
                    new Linear(20 * 36, 10)))
            .initialize(1);
    int[] shape = network.batchShape(2);
    try (Session session =
        Session.compile(network, SessionOptions.defaults().withThreads(2), shape)) {
      float[] input = new Data(1).reals(2 * 3 * 12 * 12);
      float[] output = new float[2 * 10];
      List<String> steps =
          session.profile(input, 1).steps().stream().map(Profile.Step::algorithm).toList();
      assertTrue(
          steps.containsAll(
              List.of("sum", "pad", "response norm", "scale", "scale and shift", "pool", "copy")),
          steps::toString);
      assertEquals(0, steadyBytes(() -> session.run(input, output)));
    }
  }

  @Test
  void anAllocationIsSeen() {
    long bytes = Allocation.bytes(() -> assertEquals(100, new float[100].length));
    assertTrue(bytes >= 400 && bytes < 2_000, "400 bytes and more, not " + bytes);
  }

  /** Interpreted vector code allocates, so runs are repeated until they are compiled. */
  private static long steadyBytes(Runnable run) {
    long start = System.nanoTime();
    long bytes;
    do {
      bytes =
          Allocation.bytes(
              () -> {
                for (int i = 0; i < RUNS; i++) {
                  run.run();
                }
              });
    } while (bytes != 0 && System.nanoTime() - start < PATIENCE);
    return bytes;
  }
}
