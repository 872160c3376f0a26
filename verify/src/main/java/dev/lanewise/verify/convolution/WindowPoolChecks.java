package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.pool.PoolPlan;
import dev.lanewise.kernels.pool.SpatialPyramidPool;
import dev.lanewise.kernels.shape.PoolShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.reference.BlockedLayout;
import dev.lanewise.verify.reference.ReferenceWindows;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Poolings by p-norm, adaptive ones and pyramids, and their gradients: see {@link WindowProblem}.
 */
public final class WindowPoolChecks implements RandomCheck {

  private static final int FEW = 2;

  private final Setting setting;

  /** Checks in a setting. */
  public WindowPoolChecks(Setting setting) {
    this.setting = setting;
  }

  /** Checks one kind of pooling after the other. */
  @Override
  public void run(int i) {
    Data shapes = setting.shape(i);
    switch (i % 7) {
      case 0 -> norm("pool L1", RandomShapes.pooling(shapes), 1, i);
      case 1 -> norm("pool L2", RandomShapes.pooling(shapes), 2, i);
      case 2 -> norm("pool Lp", RandomShapes.pooling(shapes), 3 + i % 3, i);
      case 3 -> adaptive("pool adaptive max", WindowProblem.MAX, i);
      case 4 -> adaptive("pool adaptive average", WindowProblem.MEAN, i);
      case 5 -> pyramid("pool pyramid max", WindowProblem.MAX, i);
      default -> pyramid("pool pyramid average", WindowProblem.MEAN, i);
    }
  }

  private void norm(String label, PoolShape shape, int power, int index) {
    Data data = setting.data(index);
    WindowProblem problem = problem(ReferenceWindows.of(shape), power, shape.inputDims(), data);
    String subject = setting.subject("%s, p=%d".formatted(shape, power), index);
    check(label, subject, problem, workers -> PoolPlan.lp(shape, power, workers));
  }

  private void adaptive(String label, int power, int index) {
    Data data = setting.data(index);
    int[] dims = dims(data);
    int[] size = IntStream.range(2, dims.length).map(i -> data.between(1, dims[i] + 2)).toArray();
    WindowProblem problem = problem(ReferenceWindows.adaptive(dims, size), power, dims, data);
    String what = "%s to %s".formatted(Arrays.toString(dims), Arrays.toString(size));
    check(
        label,
        setting.subject(what, index),
        problem,
        workers ->
            power == WindowProblem.MAX
                ? PoolPlan.adaptiveMax(dims, size, workers)
                : PoolPlan.adaptiveAverage(dims, size, workers));
  }

  private static int[] dims(Data data) {
    int axes = data.oneOf(1, 2, 2, 3);
    int[] dims = new int[2 + axes];
    dims[0] = data.between(1, 2);
    dims[1] = data.oneOf(1, 5, 16, 19, 33);
    for (int i = 2; i < dims.length; i++) {
      dims[i] = data.between(1, axes == 3 ? 6 : 14);
    }
    return dims;
  }

  private static WindowProblem problem(ReferenceWindows windows, int power, int[] dims, Data data) {
    int length = new BlockedLayout(dims).denseLength();
    return WindowProblem.exact(power)
        ? new WindowProblem(
            windows, power, data.integers(length, FEW), data.integers(windows.count(), FEW))
        : new WindowProblem(windows, power, data.reals(length), data.reals(windows.count()));
  }

  private void check(
      String label, String subject, WindowProblem problem, Function<Workers, PoolPlan> planned) {
    PoolPlan shape = planned.apply(setting.one());
    BlockedLayout inputs = new BlockedLayout(shape.inputDims());
    BlockedLayout outputs = new BlockedLayout(shape.outputDims());
    float[] input = inputs.toBlocked(problem.input());
    float[] gradOutput = outputs.toBlocked(problem.gradOutput());
    Function<Workers, List<float[]>> run =
        workers -> {
          PoolPlan plan = planned.apply(workers);
          float[] output = Floats.unset(plan.outputLength());
          float[] gradInput = Floats.unset(plan.inputLength());
          plan.run(input, output);
          plan.backward(input, output, gradOutput, gradInput);
          return List.of(output, gradInput);
        };
    List<float[]> results = run.apply(setting.one());
    float[] output = outputs.toDense(results.get(0));
    float[] gradInput = inputs.toDense(results.get(1));
    values(label, subject, problem, output, gradInput);
    setting.promises("pool", subject, run, outputs, inputs);
  }

  private void values(
      String label, String subject, WindowProblem problem, float[] output, float[] gradInput) {
    setting.findings().check(label, subject, () -> problem.forwardFault(output));
    setting.findings().check(label + " gradients", subject, () -> problem.backwardFault(gradInput));
  }

  private void pyramid(String label, int power, int index) {
    Data data = setting.data(index);
    int[] dims = dims(data);
    int[] levels = {1, data.between(2, 3), data.between(1, 5)};
    WindowProblem problem = problem(ReferenceWindows.pyramid(dims, levels), power, dims, data);
    BlockedLayout inputs = new BlockedLayout(dims);
    float[] input = inputs.toBlocked(problem.input());
    Function<Workers, List<float[]>> run =
        workers -> {
          SpatialPyramidPool plan =
              power == WindowProblem.MAX
                  ? SpatialPyramidPool.max(dims, levels, workers)
                  : SpatialPyramidPool.average(dims, levels, workers);
          float[] output = Floats.unset(dims[0] * plan.features());
          float[] gradInput = Floats.unset(input.length);
          plan.run(input, output);
          plan.backward(input, problem.gradOutput(), gradInput);
          return List.of(gradInput, output);
        };
    String what = "%s in levels %s".formatted(Arrays.toString(dims), Arrays.toString(levels));
    String subject = setting.subject(what, index);
    List<float[]> results = run.apply(setting.one());
    values(label, subject, problem, results.get(1), inputs.toDense(results.get(0)));
    setting.promises("pool", subject, run, inputs);
  }
}
