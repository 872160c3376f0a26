package dev.lanewise.kernels.plan;

import static dev.lanewise.kernels.Values.reals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PoolShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans that several threads run at once, each with operands of its own. */
class ConcurrentPlanTest {

  private static final int CALLERS = 3;
  private static final int ROUNDS = 200;
  private static final ConvShape SHAPE = ConvShape.conv2d(2, 20, 9, 8, 21, 3, 3).padding(1);
  private static final PoolShape POOL = PoolShape.pool2d(2, 20, 9, 8, 3, 3);

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void callersOfOnePlanDoNotDisturbEachOther(Algorithm algorithm) throws Exception {
    try (Workers workers = Workers.of(2)) {
      ConvPlan plan = ConvPlan.of(SHAPE, options(algorithm, workers));
      atOnce(caller -> check(plan, caller));
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void plansWithWorkersOfTheirOwnDoNotDisturbEachOther(Algorithm algorithm) throws Exception {
    assumeTrue(algorithm.objection(SHAPE).isEmpty());
    atOnce(
        caller -> {
          try (Workers workers = Workers.of(1 + caller % 2)) {
            check(ConvPlan.of(SHAPE, options(algorithm, workers)), caller);
          }
        });
  }

  @Test
  void callersOfOneGradientOrPoolingDoNotDisturbEachOther() throws Exception {
    try (Workers workers = Workers.of(2)) {
      ConvGradient gradient = ConvGradient.of(SHAPE, ConvOptions.defaults().withWorkers(workers));
      PoolPlan pool = PoolPlan.max(POOL, workers);
      atOnce(
          caller -> {
            float[][] expected;
            try (Workers one = Workers.of(1)) {
              ConvGradient own = ConvGradient.of(SHAPE, ConvOptions.defaults().withWorkers(one));
              expected = backward(caller, own, PoolPlan.max(POOL, one));
            }
            for (int round = 0; round < ROUNDS; round++) {
              float[][] results = backward(caller, gradient, pool);
              for (int i = 0; i < results.length; i++) {
                assertArrayEquals(expected[i], results[i]);
              }
            }
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void refusedRunLeavesThePlanUsable(Algorithm algorithm) {
    Workers workers = Workers.of(2);
    ConvPlan plan = ConvPlan.of(SHAPE, options(algorithm, workers));
    float[] input = new float[plan.inputLength()];
    float[] output = new float[plan.outputLength()];
    PackedFilter filter = plan.pack(new float[SHAPE.filterLength()], null);
    assertThrows(NullPointerException.class, () -> plan.run(input, null, output));
    assertThrows(IllegalArgumentException.class, () -> plan.run(input, filter, new float[1]));
    check(plan, 1);
    workers.close();
    assertThrows(IllegalStateException.class, () -> plan.run(input, filter, output));
  }

  private static ConvOptions options(Algorithm algorithm, Workers workers) {
    assumeTrue(algorithm.objection(SHAPE).isEmpty());
    return ConvOptions.defaults().withAlgorithm(algorithm).withWorkers(workers);
  }

  /** Runs a plan many times; a plan of this thread's own says what must come out. */
  private static void check(ConvPlan plan, int caller) {
    Random random = new Random(caller);
    float[] filter = reals(random, SHAPE.filterLength());
    float[] input = blocked(random, SHAPE.inputDims());
    float[] expected = new float[plan.outputLength()];
    try (Workers one = Workers.of(1)) {
      ConvPlan own = ConvPlan.of(SHAPE, options(plan.algorithm(), one));
      own.run(input, own.pack(filter, null), expected);
    }
    PackedFilter packed = plan.pack(filter, null);
    float[] output = new float[plan.outputLength()];
    for (int round = 0; round < ROUNDS; round++) {
      plan.run(input, packed, output);
      assertArrayEquals(expected, output);
    }
  }

  private static float[][] backward(int caller, ConvGradient gradient, PoolPlan pool) {
    Random random = new Random(caller);
    float[] filter = reals(random, SHAPE.filterLength());
    float[] x = blocked(random, SHAPE.inputDims());
    float[] dy = blocked(random, SHAPE.outputDims());
    float[] dx = new float[x.length];
    float[] dw = new float[filter.length];
    float[] pooled = new float[pool.outputLength()];
    float[] unpooled = new float[x.length];
    gradient.data(filter, dy, dx);
    gradient.filter(x, dy, dw);
    pool.run(x, pooled);
    pool.backward(x, pooled, pooled, unpooled);
    return new float[][] {dx, dw, pooled, unpooled};
  }

  private interface Caller {
    void run(int caller);
  }

  private static void atOnce(Caller work) throws InterruptedException, ExecutionException {
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int caller = i;
        running.add(callers.submit(() -> work.run(caller)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  private static float[] blocked(Random random, int... dims) {
    float[] planar = reals(random, Layout.NCHW.length(dims));
    return Reorder.to(dims, Layout.NCHW, planar, Layout.NCHW16C);
  }
}
