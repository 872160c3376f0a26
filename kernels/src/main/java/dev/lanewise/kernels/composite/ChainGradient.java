package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.gradient.ConvGradient;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.List;

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

  private final List<LinkPasses> steps = new ArrayList<>();

  /** The outputs between the convolutions, and their gradients. */
  private final List<float[]> results = new ArrayList<>();

  private final List<float[]> gradResults = new ArrayList<>();
  private final ChainPlan packer;

  private ChainGradient(Chain chain, ConvOptions options) {
    packer = ChainPlan.of(chain, options);
    for (Link link : chain.links()) {
      LinkPasses step = new LinkPasses(link, options, options);
      if (!steps.isEmpty()) {
        results.add(new float[steps.getLast().outputLength()]);
        gradResults.add(new float[steps.getLast().outputLength()]);
      }
      steps.add(step);
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
    for (int i = 0; i < steps.size(); i++) {
      float[] source = i == 0 ? input : results.get(i - 1);
      float[] target = i == results.size() ? output : results.get(i);
      steps.get(i).forward(source, filters.filter(i), target);
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
    if (filters.size() != steps.size()
        || gradFilters.size() != steps.size()
        || gradBiases.size() != steps.size()) {
      throw new IllegalArgumentException(
          "a chain of %d convolutions has as many filters and gradients, not %d, %d and %d"
              .formatted(steps.size(), filters.size(), gradFilters.size(), gradBiases.size()));
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      boolean last = i == results.size();
      steps
          .get(i)
          .backward(
              i == 0 ? input : results.get(i - 1),
              filters.get(i),
              last ? output : results.get(i),
              last ? gradOutput : gradResults.get(i),
              i == 0 ? gradInput : gradResults.get(i - 1),
              gradFilters.get(i),
              gradBiases.get(i));
    }
  }
}
