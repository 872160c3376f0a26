package dev.lanewise.nn.op;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.norm.BatchNorm;
import dev.lanewise.kernels.norm.NormPlan;
import dev.lanewise.kernels.norm.Statistics;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Batch, group, instance and layer norm, and what follows them in a block, in one operation: {@code
 * activation(weight (x - mean) / sqrt(variance + epsilon) + bias + residual)}, in layout NCHW16C.
 */
public final class Normalization extends Operation {

  /**
   * What follows the normalisation.
   *
   * @param residual is added, a tensor of the input's shape; or null
   * @param activation is applied last
   */
  public record Epilogue(Tensor residual, Activation activation) {

    /** Nothing follows. */
    public static final Epilogue NONE = of(Activation.IDENTITY);

    /** An activation follows. */
    public static Epilogue of(Activation activation) {
      return new Epilogue(null, activation);
    }

    /** What follows, of the result of another operation. */
    public Tensor after(Tensor x, Context context) {
      if (residual != null) {
        return Add.apply(x, residual, activation, context);
      }
      return activation.equals(Activation.IDENTITY) ? x : Elementwise.apply(x, activation, context);
    }
  }

  /**
   * The factor and summand of each channel.
   *
   * @param weight {@code [channels]}, or null for ones
   * @param bias {@code [channels]}, or null for zeros
   * @param epsilon what is added to the variance
   */
  public record Affine(Tensor weight, Tensor bias, float epsilon) {}

  /**
   * A batch norm's averages over training, which it normalises by in use.
   *
   * @param mean {@code [channels]}
   * @param variance {@code [channels]}
   * @param momentum weight of a new batch, 0.1 by default in PyTorch
   */
  public record Running(Tensor mean, Tensor variance, float momentum) {}

  private enum Sets {
    BATCH,
    GROUP
  }

  private record Problem(List<Integer> dims, Sets sets, int groups, float epsilon) {
    NormPlan plan(Workers workers) {
      int[] shape = dims.stream().mapToInt(i -> i).toArray();
      return sets == Sets.BATCH
          ? NormPlan.batch(shape, epsilon, workers)
          : NormPlan.group(shape, groups, epsilon, workers);
    }
  }

  private final NormPlan plan;
  private final Statistics statistics;
  private final boolean fixed;
  private final float[] factors;
  private final float[] summands;
  private final Activation activation;

  private Normalization(
      NormPlan plan,
      Statistics statistics,
      boolean fixed,
      Context context,
      Tensor x,
      Affine affine,
      Tensor residual,
      Activation activation) {
    super(context, x, affine.weight, affine.bias, residual);
    this.plan = plan;
    this.statistics = statistics;
    this.fixed = fixed;
    this.activation = activation;
    factors = values(affine.weight, x.dim(1), 1);
    summands = values(affine.bias, x.dim(1), 0);
  }

  private static float[] values(Tensor parameter, int channels, float otherwise) {
    if (parameter != null) {
      parameter.requireShape("scale or shift of a norm", channels);
      return parameter.data();
    }
    float[] constant = new float[channels];
    Arrays.fill(constant, otherwise);
    return constant;
  }

  /**
   * Batch norm: by the statistics of the batch in training, which move the running averages; by the
   * running averages in use.
   *
   * @param input {@code [n, channels, ...]}
   * @param running the averages, or null for a norm that always takes the batch's statistics
   * @throws IllegalArgumentException if a shape does not fit
   */
  public static Tensor batch(
      Tensor input, Affine affine, Running running, Epilogue epilogue, Context context) {
    if (running != null && !context.training()) {
      return frozenBatch(input, affine, running, epilogue, context);
    }
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    NormPlan plan = plan(x, Sets.BATCH, 1, affine, context);
    Statistics statistics = plan.statistics();
    Tensor y = run(plan, statistics, false, x, affine, epilogue, context);
    if (running != null) {
      BatchNorm.update(
          statistics,
          plan.valuesPerSet(),
          running.momentum,
          running.mean.data(),
          running.variance.data());
      running.mean.changed();
      running.variance.changed();
    }
    return y;
  }

  /** Batch norm by running averages that stay as they are, in training too. */
  public static Tensor frozenBatch(
      Tensor input, Affine affine, Running running, Epilogue epilogue, Context context) {
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    NormPlan plan = plan(x, Sets.BATCH, 1, affine, context);
    Statistics statistics = new Statistics(running.mean.data(), running.variance.data());
    return run(plan, statistics, true, x, affine, epilogue, context);
  }

  /**
   * Group norm; with one group it is layer norm over channels and pixels.
   *
   * @param input {@code [n, channels, ...]}
   * @throws IllegalArgumentException if the groups do not divide the channels or a shape does not
   *     fit
   */
  public static Tensor group(
      Tensor input, int groups, Affine affine, Epilogue epilogue, Context context) {
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    NormPlan plan = plan(x, Sets.GROUP, groups, affine, context);
    return run(plan, plan.statistics(), false, x, affine, epilogue, context);
  }

  /** Instance norm: each channel of each image on its own. */
  public static Tensor instance(Tensor input, Affine affine, Epilogue epilogue, Context context) {
    return group(input, input.dim(1), affine, epilogue, context);
  }

  /** Layer norm over all channels and pixels of an image. */
  public static Tensor layer(Tensor input, Affine affine, Epilogue epilogue, Context context) {
    return group(input, 1, affine, epilogue, context);
  }

  private static NormPlan plan(Tensor x, Sets sets, int groups, Affine affine, Context context) {
    List<Integer> dims = Arrays.stream(x.shape()).boxed().toList();
    return context.plan(
        new Problem(dims, sets, groups, affine.epsilon),
        problem -> problem.plan(context.workers()));
  }

  private static Tensor run(
      NormPlan plan,
      Statistics statistics,
      boolean fixed,
      Tensor x,
      Affine affine,
      Epilogue epilogue,
      Context context) {
    Tensor residual = epilogue.residual;
    if (residual != null) {
      residual.requireShape("residual of a norm", x.shape());
      residual = Relayout.apply(residual, Layout.NCHW16C, context);
    }
    Normalization norm =
        new Normalization(
            plan, statistics, fixed, context, x, affine, residual, epilogue.activation);
    float[] y = context.buffer(plan.length());
    float[] added = residual == null ? null : residual.data();
    Activation last = epilogue.activation;
    if (fixed) {
      plan.infer(x.data(), norm.factors, norm.summands, statistics, added, last, y);
    } else {
      plan.run(x.data(), norm.factors, norm.summands, statistics, added, last, y);
    }
    if (!Activations.keepsZero(last)) {
      Lanes.clearPadding(Layout.NCHW16C, y, x.shape());
    }
    return norm.output(Layout.NCHW16C, y, x.shape());
  }

  @Override
  protected boolean keepsInput(int index) {
    return index == 0 || index == 1 || Activations.needsInput(activation);
  }

  @Override
  protected boolean keepsOutput() {
    return !Activations.needsInput(activation) && !(activation instanceof Activation.Identity);
  }

  @Override
  protected void backward(Tensor y) {
    float[] x = input(0).data();
    float[] dy = y.grad();
    // A residual's gradient is that of the activation's argument, and is handed on first.
    boolean together = input(3) == null && keepsOutput();
    if (!together) {
      throughActivation(x, y, dy);
      pass(3, y);
    }
    float[] kept = together ? y.data() : null;
    float[] dWeight = new float[factors.length];
    float[] dBias = new float[factors.length];
    gradientInPlace(
        0,
        y,
        dx -> {
          if (fixed) {
            plan.backwardFixed(x, factors, statistics, activation, kept, dy, dx, dWeight, dBias);
          } else {
            plan.backward(x, factors, statistics, activation, kept, dy, dx, dWeight, dBias);
          }
        });
    gradient(1, d -> System.arraycopy(dWeight, 0, d, 0, d.length));
    gradient(2, d -> System.arraycopy(dBias, 0, d, 0, d.length));
  }

  /** Makes the gradient of the result that of the activation's argument, in place. */
  private void throughActivation(float[] x, Tensor y, float[] dy) {
    if (activation instanceof Activation.Identity) {
      return;
    }
    boolean again = Activations.needsInput(activation);
    float[] kept = again ? context().buffer(dy.length) : y.data();
    if (again) {
      float[] added = input(3) == null ? null : input(3).data();
      plan.infer(x, factors, summands, statistics, added, Activation.IDENTITY, kept);
    }
    Ranges.run(
        context().workers(),
        dy.length,
        (from, to) -> Activations.backward(activation, kept, dy, dy, from, to));
    if (again) {
      context().release(kept);
    }
  }
}
