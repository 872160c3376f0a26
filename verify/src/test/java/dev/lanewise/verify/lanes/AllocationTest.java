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
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Optimizer;
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
        Stream.of("", "g32", "g8")
            .map(groups -> ConvShape.parse(groups + "ic32ih14oc32oh14kh3ph1"))
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
