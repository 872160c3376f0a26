package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.simd.Blocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Forward and backward pass of branches that share one input, for training: see {@link BranchPlan}
 * for what they compute and {@link ChainGradient} for what is kept.
 *
 * <p>The gradient by data is the sum of the branches' own, added in their order, so its bits do not
 * depend on the number of threads. Each backward pass belongs to the forward pass before it, on the
 * same instance. In a steady state calls allocate nothing. Calls from several threads wait for each
 * other.
 */
public final class BranchGradient {

  private static final int BLOCK = Layout.BLOCK;

  /** A branch, its output and the gradient of that, and how both reach the joint output. */
  @SuppressWarnings("ArrayRecordComponent") // its own memory, never compared
  private record Branch(
      ChainGradient passes, ChannelCopy copy, float[] output, float[] gradOutput) {}

  private final List<Branch> branches = new ArrayList<>();
  private final Workers workers;
  private final int inputLength;
  private final int outputLength;

  /** The gradient by data of one branch, where there are others before it. */
  private final float[] gradBranch;

  private final Task sum = this::addShare;
  private float[] total;

  private BranchGradient(List<Chain> chains, ConvOptions options) {
    int[] dims = BranchPlan.of(chains, options).outputDims();
    workers = options.workers();
    int channel = 0;
    int pixels = Arrays.stream(dims).skip(2).reduce(1, (a, b) -> a * b);
    for (Chain chain : chains) {
      int channels = chain.outputDims()[1];
      ChainGradient passes = ChainGradient.of(chain, options);
      branches.add(
          new Branch(
              passes,
              new ChannelCopy(dims[0], channels, pixels, channel, dims[1]),
              new float[passes.outputLength()],
              new float[passes.outputLength()]));
      channel += channels;
    }
    inputLength = branches.getFirst().passes.inputLength();
    outputLength = Layout.NCHW16C.length(dims);
    gradBranch = new float[branches.size() > 1 ? inputLength : 0];
  }

  /**
   * The passes of branches.
   *
   * @throws IllegalArgumentException if there is no branch, inputs, batch or output sizes differ,
   *     or the options have an activation or a residual
   */
  public static BranchGradient of(List<Chain> branches, ConvOptions options) {
    return new BranchGradient(branches, options);
  }

  /** Floats of the input. */
  public int inputLength() {
    return inputLength;
  }

  /** Floats of the output. */
  public int outputLength() {
    return outputLength;
  }

  /** The passes of a branch, which pack its filters. */
  public ChainGradient branch(int index) {
    return branches.get(index).passes;
  }

  /**
   * Computes the output, and keeps what lies between.
   *
   * @param input NCHW16C
   * @param filters one for each branch, packed by its passes
   * @param output NCHW16C, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared or the filters do not
   *     fit
   */
  public synchronized void forward(float[] input, List<PackedChain> filters, float[] output) {
    Check.length("input", input, inputLength);
    Check.length("output", output, outputLength);
    Check.distinct("input", input, "output", output);
    checkCount("packed filters", filters);
    for (int i = 0; i < branches.size(); i++) {
      Branch branch = branches.get(i);
      branch.passes.forward(input, filters.get(i), branch.output);
      branch.copy.run(branch.output, output, workers);
    }
  }

  /**
   * Carries a gradient back through the last {@link #forward}.
   *
   * @param input of the forward pass
   * @param filters of the forward pass, unpacked, those of a branch in one list
   * @param gradOutput NCHW16C
   * @param gradInput overwritten; null if it is not wanted
   * @param gradFilters for each branch one array for each convolution, overwritten
   * @param gradBiases for each branch one array for each convolution, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public synchronized void backward(
      float[] input,
      List<List<float[]>> filters,
      float[] gradOutput,
      float[] gradInput,
      List<List<float[]>> gradFilters,
      List<List<float[]>> gradBiases) {
    Check.length("gradOutput", gradOutput, outputLength);
    checkCount("filters", filters);
    checkCount("gradients by filter", gradFilters);
    checkCount("gradients by bias", gradBiases);
    for (int i = 0; i < branches.size(); i++) {
      Branch branch = branches.get(i);
      branch.copy.back(gradOutput, branch.gradOutput, workers);
      boolean added = i > 0 && gradInput != null;
      branch.passes.backward(
          input,
          filters.get(i),
          branch.output,
          branch.gradOutput,
          added ? gradBranch : gradInput,
          gradFilters.get(i),
          gradBiases.get(i));
      if (added) {
        total = gradInput;
        workers.run(sum);
        total = null;
      }
    }
  }

  private void checkCount(String name, List<?> lists) {
    if (lists.size() != branches.size()) {
      throw new IllegalArgumentException(
          "%d branches need as many %s, not %d".formatted(branches.size(), name, lists.size()));
    }
  }

  private void addShare(int worker, int count, Scratch scratch) {
    int first = Workers.start(inputLength / BLOCK, worker, count);
    int end = Workers.start(inputLength / BLOCK, worker + 1, count);
    Blocks.add(gradBranch, first * BLOCK, BLOCK, total, first * BLOCK, BLOCK, end - first);
  }
}
