package dev.lanewise.nn.layer;

import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.Normalization;
import dev.lanewise.nn.op.Normalization.Epilogue;
import dev.lanewise.nn.op.Normalization.Running;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Batch norm (Ioffe and Szegedy 2015): each channel by its mean and variance over the batch while
 * training, by running averages of them in use.
 */
public final class BatchNorm extends Norm {

  /** Weight of a new batch in the running averages, PyTorch's default. */
  public static final float MOMENTUM = 0.1f;

  private final Running running;
  private boolean frozen;

  /** A norm with PyTorch's epsilon 1e-5 and momentum 0.1. */
  public BatchNorm(int channels) {
    this(channels, EPSILON, MOMENTUM);
  }

  /**
   * A norm.
   *
   * @param epsilon what is added to the variance
   * @param momentum weight of a new batch in the running averages
   */
  public BatchNorm(int channels, float epsilon, float momentum) {
    super(channels, epsilon);
    running = new Running(Tensor.zeros(channels), Tensor.zeros(channels), momentum);
    reset();
  }

  private void reset() {
    Arrays.fill(running.mean().data(), 0);
    Arrays.fill(running.variance().data(), 1);
  }

  /**
   * Has the norm take its running averages in training too, and leave them as they are, or go back
   * to the batch's statistics: for going on from other weights with few images or small batches.
   * Its weight and bias are trained either way, unless they are frozen themselves.
   */
  public BatchNorm freezeStatistics(boolean wanted) {
    frozen = wanted;
    return this;
  }

  @Override
  public Tensor forward(Tensor input, Epilogue epilogue, Context context) {
    outputShape(input.shape());
    if (frozen) {
      return Normalization.frozenBatch(input, affine(), running, epilogue, context);
    }
    return Normalization.batch(input, affine(), running, epilogue, context);
  }

  @Override
  public Operator operator(int... inputShape) {
    outputShape(inputShape);
    return new Operator.BatchNorm(affine(), running);
  }

  @Override
  public Map<String, Tensor> buffers() {
    Map<String, Tensor> own = new LinkedHashMap<>();
    own.put("running_mean", running.mean());
    own.put("running_var", running.variance());
    return own;
  }

  @Override
  public void initialize(Initializer initializer, Random random) {
    super.initialize(initializer, random);
    reset();
  }
}
