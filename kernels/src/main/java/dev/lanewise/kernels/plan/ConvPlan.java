package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A convolution of one shape, ready to run: plan once, pack the filter once, run often.
 *
 * <p>Input and output are NCHW16C ({@link Layout}), whose padding lanes must be zero and are zero.
 * What is computed is the cross-correlation of the field; {@link #packFlipped} gives the true
 * convolution of signal processing. A plan is immutable and safe for concurrent callers, its runs
 * allocate nothing, and its results have the same bits for any number of threads, any lane width
 * and any position in the batch.
 *
 * <p>Inputs and filters are expected to be finite. The kernels multiply whole blocks of 16
 * channels, where others stand as zeros: an infinity or NaN can make a NaN of padding lanes too,
 * and of other groups that share its block.
 */
public final class ConvPlan {

  private final ConvShape shape;
  private final ConvOptions options;

  private final Candidate chosen;
  private final List<Candidate> considered;
  private final int[] filterDims;
  private final int filterLength;

  /** Whether packing a filter writes all that is read: one group of whole blocks of channels. */
  private final boolean wholeBlocks;

  private final List<Integer> filterVariant;
  private final ConvRunner runner;
  private final FilterPacker packer;

  private ConvPlan(
      ConvShape shape, ConvOptions options, FilterOrder order, List<Candidate> considered) {
    this.shape = shape;
    this.options = options;
    this.considered = considered;
    this.chosen = considered.getFirst();
    filterDims = shape.filterDims();
    filterLength = shape.filterLength();
    packer = new FilterPacker(chosen.prepared(), order, filterLength, options.workers());
    wholeBlocks =
        shape.groups() == 1
            && shape.inChannels() % Layout.BLOCK == 0
            && shape.outChannels() % Layout.BLOCK == 0;
    filterVariant = chosen.prepared().filterVariant();
    Padding padding =
        shape.paddingMode() == PaddingMode.ZERO ? null : Padding.of(shape, options.workers());
    runner =
        new ConvRunner(chosen.prepared(), options, shape.inputDims(), shape.outputDims(), padding);
  }

  /** Plans with {@link ConvOptions#defaults()}. */
  public static ConvPlan of(ConvShape shape) {
    return of(shape, ConvOptions.defaults());
  }

  /** Plans with the given options. */
  public static ConvPlan of(ConvShape shape, ConvOptions options) {
    return plan(shape, options, null);
  }

  /**
   * Plans for filters that lie in another order than {@code [outChannels][inChannels /
   * groups][kernel...]}.
   *
   * @param order puts them in that order when they are packed
   */
  public static ConvPlan of(ConvShape shape, ConvOptions options, FilterOrder order) {
    return plan(shape, options, Objects.requireNonNull(order, "order"));
  }

  private static ConvPlan plan(ConvShape shape, ConvOptions options, FilterOrder order) {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(options, "options");
    ConvOptions rest =
        options.withWorkspaceLimit(Math.max(0, options.workspaceLimit() - paddedBytes(shape)));
    return new ConvPlan(shape, options, order, Candidate.rank(shape.zeroPadded(), rest));
  }

  /** A plan for a candidate that is already prepared: what a race measures. */
  static ConvPlan of(ConvShape shape, ConvOptions options, Candidate candidate) {
    return new ConvPlan(shape, options, null, List.of(candidate));
  }

  /** The shape that was planned. */
  public ConvShape shape() {
    return shape;
  }

  /** The algorithm that was chosen. */
  public Algorithm algorithm() {
    return chosen.algorithm();
  }

  /** What {@link ConvShape#filterDims()} says, without a new array for each run. */
  int[] filterDims() {
    return filterDims;
  }

  /** What {@link ConvAlgorithm#filterVariant} says, without a new list for each run. */
  List<Integer> filterVariant() {
    return filterVariant;
  }

  /** Floats of the input. */
  public int inputLength() {
    return runner.inputLength();
  }

  /** Floats of the output. */
  public int outputLength() {
    return runner.outputLength();
  }

  /**
   * Scratch memory of all workers, which they keep and other plans share, and the padded input that
   * the plan keeps where padding is not zeros.
   */
  public long workspaceBytes() {
    return chosen.workspaceBytes(options) + paddedBytes(shape);
  }

  /** The input with its halo where that is not zeros: one for each of the concurrent callers. */
  private static long paddedBytes(ConvShape shape) {
    return shape.paddingMode() == PaddingMode.ZERO
        ? 0
        : (long) Float.BYTES * Layout.NCHW16C.length(shape.zeroPadded().inputDims());
  }

  /**
   * Lays a filter and bias out for this plan.
   *
   * @param filter {@code [outChannels][inChannels / groups][kernel...]}
   * @param bias one value for each output channel, or null for zeros
   * @throws IllegalArgumentException if a length is wrong
   */
  public PackedFilter pack(float[] filter, float[] bias) {
    Check.length("filter", filter, filterLength);
    return packBeginning(filter, bias);
  }

  /**
   * The same of a filter that is the beginning of an array, such as one that other filters were in
   * before.
   *
   * @throws IllegalArgumentException if the array is too short or the bias of another length
   */
  public PackedFilter packBeginning(float[] filter, float[] bias) {
    Check.that(
        filter.length >= filterLength, "filter has %d floats, not %d", filter.length, filterLength);
    if (bias != null) {
      Check.length("bias", bias, shape.outChannels());
    }
    PackedFilter packed =
        new PackedFilter(
            this,
            new float[chosen.prepared().filterFloats()],
            new float[Layout.blocks(shape.outChannels()) * Layout.BLOCK]);
    fill(packed, filter, bias);
    return packed;
  }

  /**
   * Lays new values out in the memory of a packed filter, as training needs at each step. No run
   * may be using it.
   *
   * @param filter as in {@link #pack}
   * @param bias as in {@link #pack}
   * @param packed made by this plan or one like it
   * @throws IllegalArgumentException if a length is wrong or the packed filter is another plan's
   */
  public void repack(float[] filter, float[] bias, PackedFilter packed) {
    Check.length("filter", filter, filterLength);
    packed.checkFits(this);
    fill(packed, filter, bias);
  }

  private void fill(PackedFilter packed, float[] filter, float[] bias) {
    packer.pack(filter, packed.weights);
    if (bias == null) {
      Arrays.fill(packed.bias, 0);
    } else {
      Check.length("bias", bias, shape.outChannels());
      System.arraycopy(bias, 0, packed.bias, 0, bias.length);
    }
  }

  /**
   * Like {@link #pack(float[], float[])}, with every kernel reversed in all its axes: the true
   * convolution.
   */
  public PackedFilter packFlipped(float[] filter, float[] bias) {
    Check.length("filter", filter, shape.filterLength());
    int taps = shape.kernelTaps();
    float[] flipped = new float[filter.length];
    for (int kernel = 0; kernel < filter.length; kernel += taps) {
      for (int t = 0; t < taps; t++) {
        flipped[kernel + t] = filter[kernel + taps - 1 - t];
      }
    }
    return pack(flipped, bias);
  }

  /**
   * Computes the output.
   *
   * @param input NCHW16C, {@link #inputLength()} floats
   * @param filter packed by this plan or one like it
   * @param output NCHW16C, {@link #outputLength()} floats, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared, the filter was packed
   *     for another plan, or the plan expects a residual
   */
  public void run(float[] input, PackedFilter filter, float[] output) {
    checkFits(filter);
    runner.run(input, filter.weights, filter.bias, output);
  }

  /**
   * Computes the output with a residual added before the activation.
   *
   * @param residual of the output's layout and length
   * @throws IllegalArgumentException as above, or if the plan was made without a residual
   */
  public void run(float[] input, PackedFilter filter, float[] residual, float[] output) {
    checkFits(filter);
    runner.run(input, filter.weights, filter.bias, residual, output);
  }

  /**
   * Computes the output with a filter that is packed for this run alone, in memory that other plans
   * use in turn; allocates nothing once the memory has grown.
   *
   * @param input NCHW16C, {@link #inputLength()} floats
   * @param filter as in {@link #pack(float[], float[])}
   * @param bias as there
   * @param output NCHW16C, {@link #outputLength()} floats, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared, or the plan expects a
   *     residual
   */
  public void run(
      float[] input, float[] filter, float[] bias, FilterMemory memory, float[] output) {
    Check.length("filter", filter, filterLength);
    if (bias != null) {
      Check.length("bias", bias, shape.outChannels());
    }
    int floats = chosen.prepared().filterFloats();
    float[] weights = memory.weights(floats);
    if (!wholeBlocks) {
      // Packing leaves the lanes of channels that there are not as they are.
      Arrays.fill(weights, 0, floats, 0f);
    }
    packer.pack(filter, weights);
    runner.run(
        input,
        weights,
        memory.bias(bias, Layout.blocks(shape.outChannels()) * Layout.BLOCK),
        output);
  }

  private void checkFits(PackedFilter filter) {
    Objects.requireNonNull(filter, "filter").checkFits(this);
  }

  /**
   * Computes the output from and into channel slices of wider images.
   *
   * @param residual of the output's shape, or null if the plan was made without one
   * @throws IllegalArgumentException if a slice is too short, output and another operand overlap,
   *     the filter was packed for another plan, or a residual is missing or not expected
   */
  public void run(Slice input, PackedFilter filter, Slice residual, Slice output) {
    checkFits(filter);
    runner.run(input, filter.weights, filter.bias, residual, output);
  }

  /**
   * Computes the output from and into images that lie apart, without slices to make at each run.
   *
   * @param inputFirst where the first image begins, in floats
   * @param inputStride floats from one image to the next
   * @throws IllegalArgumentException if images lie outside an array, arrays are shared, the filter
   *     was packed for another plan, or the plan expects a residual
   */
  public void run(
      float[] input,
      int inputFirst,
      int inputStride,
      PackedFilter filter,
      float[] output,
      int outputFirst,
      int outputStride) {
    checkFits(filter);
    runner.run(
        input,
        inputFirst,
        inputStride,
        filter.weights,
        filter.bias,
        output,
        outputFirst,
        outputStride);
  }

  /**
   * Whether {@link #runPlanar} can be called: the plan packs few channels densely before it
   * computes, and may as well take them from their planes.
   */
  public boolean takesPlanar() {
    return shape.paddingMode() == PaddingMode.ZERO && chosen.prepared().takesPlanar();
  }

  /**
   * Computes the output, the same bits, from an input that is NCHW, as a caller's images often are:
   * nothing has to be reordered.
   *
   * @param input {@code shape().inputDims()}, row-major
   * @throws IllegalArgumentException if the plan {@link #takesPlanar does not take} such an input,
   *     a length is wrong, output and input are one array, the filter was packed for another plan,
   *     or the plan expects a residual
   */
  public void runPlanar(float[] input, PackedFilter filter, Slice output) {
    Check.that(takesPlanar(), "this plan takes no planar input: reorder it to NCHW16C");
    checkFits(filter);
    runner.runPlanar(input, filter.weights, filter.bias, output);
  }

  /**
   * Calls what a run of this plan calls until the compiler has done its best with it.
   *
   * <p>Vector code that is not yet compiled runs about a hundred times slower: a program that must
   * answer its first request quickly warms its plans up beforehand.
   */
  public void warmUp() {
    runner.warmUp();
  }

  /** The algorithms that were considered, the chosen one first. */
  public List<Considered> considered() {
    return considered.stream()
        .map(candidate -> new Considered(candidate.algorithm(), candidate.score()))
        .toList();
  }

  /** What was considered, what was chosen and why, and how the work is divided. */
  public String explain() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %s, %.1f MFLOP%n".formatted(shape, algorithm().label(), 2e-6 * shape.multiplyAdds()));
    for (Candidate candidate : considered) {
      text.append("  ").append(candidate.explain(chosen)).append(System.lineSeparator());
    }
    if (shape.paddingMode() != PaddingMode.ZERO) {
      text.append(
          "  %s padding: the input is copied with its halo to %d bytes that the plan keeps%n"
              .formatted(shape.paddingMode().label(), paddedBytes(shape)));
    }
    for (String line : chosen.prepared().explain()) {
      text.append("  ").append(line).append(System.lineSeparator());
    }
    Workers workers = options.workers();
    Balance balance = Balance.of(chosen.prepared(), workers.size());
    text.append(
        "  largest share %.2f times the mean of %d workers, in stages: %d%n"
            .formatted(balance.ratio(), workers.size(), chosen.prepared().stages(workers.size())));
    text.append(
        "  %d workers, %d bytes of scratch each, %d in common; packed filter %d bytes%n"
            .formatted(
                workers.size(),
                (long) Float.BYTES * chosen.prepared().scratchFloats(),
                (long) Float.BYTES * chosen.prepared().commonFloats(workers.size()),
                (long) Float.BYTES * chosen.prepared().filterFloats()));
    return text.toString();
  }
}
