package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Forward and backward pass of a chain, for training: the forward pass keeps what the backward pass
 * needs of it.
 *
 * <p>Results have the bits of {@link ConvPlan}, {@link Activations} and {@link ConvGradient} run
 * one by one. An instance keeps one forward pass: each backward pass belongs to the forward pass
 * before it, on the same instance. In a steady state calls allocate nothing. Calls from several
 * threads wait for each other.
 */
public final class ChainGradient {

  /** One convolution and what is kept of it. */
  private static final class Step {
    final ConvShape shape;
    final Activation activation;
    final boolean needsSums;
    final ConvPlan plan;
    final ConvGradient gradient;

    /** The convolution's sums, if the activation's derivative needs them, else null. */
    final float[] sums;

    /** The output, null for the last step, whose output is the caller's. */
    final float[] result;

    final float[] gradSums;
    final float[] gradResult;

    Step(Link link, boolean last, ConvOptions options) {
      shape = link.shape();
      activation = link.activation();
      needsSums = Activations.needsInput(activation);
      plan =
          ConvPlan.of(shape, options.withActivation(needsSums ? Activation.IDENTITY : activation));
      gradient = ConvGradient.of(shape, options);
      int length = plan.outputLength();
      sums = needsSums ? new float[length] : null;
      result = last ? null : new float[length];
      gradSums = new float[length];
      gradResult = last ? null : new float[length];
    }

    /** Applies the activation to the sums. */
    void activate(float[] output) {
      System.arraycopy(sums, 0, output, 0, output.length);
      int blocks = Layout.blocks(shape.outChannels());
      int plane = output.length / Math.max(1, shape.batch() * blocks);
      for (int i = 0; i < shape.batch() * blocks; i++) {
        int channels = Math.min(Layout.BLOCK, shape.outChannels() - i % blocks * Layout.BLOCK);
        Activations.applyBlocked(activation, output, i * plane, (i + 1) * plane, channels);
      }
    }
  }

  private final List<Step> steps = new ArrayList<>();
  private final ChainPlan packer;

  private ChainGradient(Chain chain, ConvOptions options) {
    packer = ChainPlan.of(chain, options);
    int last = chain.links().size() - 1;
    for (int i = 0; i <= last; i++) {
      steps.add(new Step(chain.links().get(i), i == last, options));
    }
  }

  /**
   * The passes of a chain.
   *
   * @throws IllegalArgumentException if the options have an activation or a residual
   */
  public static ChainGradient of(Chain chain, ConvOptions options) {
    return new ChainGradient(chain, options);
  }

  /** Lays the filters out: see {@link ChainPlan#pack}. */
  public PackedChain pack(List<float[]> filters, List<float[]> biases) {
    return packer.pack(filters, biases);
  }

  /** Floats of the input. */
  public int inputLength() {
    return packer.inputLength();
  }

  /** Floats of the output. */
  public int outputLength() {
    return packer.outputLength();
  }

  /**
   * Computes the output, and keeps what lies between.
   *
   * @param input NCHW16C
   * @param output NCHW16C, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared or the filters do not
   *     fit
   */
  public synchronized void forward(float[] input, PackedChain filters, float[] output) {
    Check.length("input", input, inputLength());
    Check.length("output", output, outputLength());
    float[] source = input;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      float[] target = step.result == null ? output : step.result;
      step.plan.run(source, filters.filter(i), step.needsSums ? step.sums : target);
      if (step.needsSums) {
        step.activate(target);
      }
      source = target;
    }
  }

  /**
   * Carries a gradient back through the last {@link #forward}.
   *
   * @param input of the forward pass
   * @param filters of the forward pass, unpacked
   * @param output of the forward pass
   * @param gradInput overwritten; null if it is not wanted
   * @param gradFilters one array for each convolution, overwritten
   * @param gradBiases one array for each convolution, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public synchronized void backward(
      float[] input,
      List<float[]> filters,
      float[] output,
      float[] gradOutput,
      float[] gradInput,
      List<float[]> gradFilters,
      List<float[]> gradBiases) {
    Check.length("input", input, inputLength());
    Check.length("output", output, outputLength());
    Check.length("gradOutput", gradOutput, outputLength());
    Check.that(
        filters.size() == steps.size()
            && gradFilters.size() == steps.size()
            && gradBiases.size() == steps.size(),
        "a chain of %d convolutions has as many filters and gradients, not %d, %d and %d",
        steps.size(),
        filters.size(),
        gradFilters.size(),
        gradBiases.size());
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      float[] result = step.result == null ? output : step.result;
      float[] gradResult = step.gradResult == null ? gradOutput : step.gradResult;
      float[] kept = step.needsSums ? step.sums : result;
      Activations.backward(
          step.activation, kept, gradResult, step.gradSums, 0, step.gradSums.length);
      float[] source = i == 0 ? input : Objects.requireNonNull(steps.get(i - 1).result);
      step.gradient.filter(source, step.gradSums, gradFilters.get(i));
      step.gradient.bias(step.gradSums, gradBiases.get(i));
      float[] target = i == 0 ? gradInput : steps.get(i - 1).gradResult;
      if (target != null) {
        step.gradient.data(filters.get(i), step.gradSums, target);
      }
    }
  }
}
