package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Chains of convolutions side by side: all read one input, and their outputs are concatenated by
 * channel in the order of the branches, as in an Inception module (Szegedy et al., 2014).
 *
 * <p>A branch whose channels are whole blocks of 16 of the output writes them in place. Others
 * compute into memory that the plan keeps and are copied. Results have the bits of the branches run
 * one by one. Runs allocate nothing; a plan is safe for concurrent callers.
 */
public final class BranchPlan {

  private static final int BLOCK = Layout.BLOCK;

  /**
   * A branch and its place in the output.
   *
   * @param plan its chain
   * @param channel first of its channels in the output
   * @param channels how many
   * @param copied whether its channels are not whole blocks
   */
  private record Branch(ChainPlan plan, int channel, int channels, boolean copied) {}

  /** Memory of one caller: the outputs of copied branches, and the copies. */
  private static final class Memory {
    final float[][] outputs;
    final ChannelCopy[] copies;

    Memory(int branches) {
      outputs = new float[branches][];
      copies = new ChannelCopy[branches];
    }
  }

  private final List<Branch> branches;
  private final ConvOptions options;
  private final int[] outputDims;
  private final int pixels;
  private final int inputLength;
  private final int inputImage;
  private final int outputLength;
  private final int outputImage;
  private final AtomicReference<Memory> idleMemory = new AtomicReference<>();

  private BranchPlan(List<Chain> chains, ConvOptions options) {
    this.options = Objects.requireNonNull(options, "options");
    Check.that(!chains.isEmpty(), "there must be at least one branch");
    int[] inputDims = chains.getFirst().inputDims();
    outputDims = chains.getFirst().outputDims();
    int channels = chains.stream().mapToInt(chain -> chain.outputDims()[1]).sum();
    branches = new ArrayList<>();
    int channel = 0;
    for (Chain chain : chains) {
      int[] dims = chain.outputDims();
      int own = dims[1];
      dims[1] = outputDims[1];
      Check.that(
          Arrays.equals(chain.inputDims(), inputDims) && Arrays.equals(dims, outputDims),
          "branch %d maps %s to %s, but the first %s to %s: only output channels may differ",
          branches.size(),
          Arrays.toString(chain.inputDims()),
          Arrays.toString(chain.outputDims()),
          Arrays.toString(inputDims),
          Arrays.toString(outputDims));
      int end = channel + own;
      boolean blocks = channel % BLOCK == 0 && (end % BLOCK == 0 || end == channels);
      branches.add(new Branch(ChainPlan.of(chain, options), channel, own, !blocks));
      channel = end;
    }
    outputDims[1] = channels;
    pixels = chains.getFirst().links().getLast().shape().outputPixels();
    inputLength = Layout.NCHW16C.length(inputDims);
    outputLength = Layout.NCHW16C.length(outputDims);
    int batch = Math.max(1, inputDims[0]);
    inputImage = inputLength / batch;
    outputImage = outputLength / batch;
  }

  /**
   * Plans every branch with the same options.
   *
   * @throws IllegalArgumentException if there is no branch, or inputs, batch or output sizes differ
   */
  public static BranchPlan of(List<Chain> branches, ConvOptions options) {
    return new BranchPlan(branches, options);
  }

  /** Dimensions of the output, all branches together. */
  public int[] outputDims() {
    return outputDims.clone();
  }

  /** Floats of the input. */
  public int inputLength() {
    return inputLength;
  }

  /** Floats of the output. */
  public int outputLength() {
    return outputLength;
  }

  /** The plan of a branch, which packs its filters. */
  public ChainPlan branch(int index) {
    return branches.get(index).plan;
  }

  /** Number of branches. */
  public int size() {
    return branches.size();
  }

  /** Workspace of the hungriest branch, and the memory of branches that are copied. */
  public long workspaceBytes() {
    long most = branches.stream().mapToLong(b -> b.plan.workspaceBytes()).max().orElseThrow();
    return most + copiedBytes();
  }

  private long copiedBytes() {
    return branches.stream()
        .filter(Branch::copied)
        .mapToLong(branch -> (long) Float.BYTES * branch.plan.outputLength())
        .sum();
  }

  /**
   * Computes all branches.
   *
   * @param input NCHW16C
   * @param filters one for each branch, packed by its plan
   * @param output NCHW16C, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared or the filters do not
   *     fit
   */
  public void run(float[] input, List<PackedChain> filters, float[] output) {
    Check.length("input", input, inputLength);
    Check.length("output", output, outputLength);
    Check.distinct("input", input, "output", output);
    Check.that(
        filters.size() == branches.size(),
        "%d branches need as many packed filters, not %d",
        branches.size(),
        filters.size());
    Memory memory = idleMemory.getAndSet(null);
    if (memory == null) {
      memory = memory();
    }
    for (int i = 0; i < branches.size(); i++) {
      Branch branch = branches.get(i);
      if (branch.copied) {
        int image = branch.plan.outputLength() / Math.max(1, outputDims[0]);
        branch.plan.run(input, 0, inputImage, filters.get(i), memory.outputs[i], 0, image);
        memory.copies[i].run(memory.outputs[i], output, options.workers());
      } else {
        int first = branch.channel / BLOCK * pixels * BLOCK;
        branch.plan.run(input, 0, inputImage, filters.get(i), output, first, outputImage);
      }
    }
    idleMemory.set(memory);
  }

  private Memory memory() {
    Memory memory = new Memory(branches.size());
    for (int i = 0; i < branches.size(); i++) {
      Branch branch = branches.get(i);
      if (branch.copied) {
        memory.outputs[i] = new float[branch.plan.outputLength()];
        memory.copies[i] =
            new ChannelCopy(outputDims[0], branch.channels, pixels, branch.channel, outputDims[1]);
      }
    }
    return memory;
  }

  /** Warms all branches up. */
  public void warmUp() {
    branches.forEach(branch -> branch.plan.warmUp());
  }

  /** Where each branch writes, and what its plan says. */
  public String explain() {
    StringBuilder text = new StringBuilder();
    for (Branch branch : branches) {
      text.append(
          "channels %d to %d, %s: %s"
              .formatted(
                  branch.channel,
                  branch.channel + branch.channels - 1,
                  branch.copied ? "copied because they are not whole blocks" : "in place",
                  branch.plan.explain()));
    }
    return text.toString();
  }
}
