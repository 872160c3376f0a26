package dev.lanewise.kernels.transposed;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.ConvRunner;
import dev.lanewise.kernels.plan.FilterMemory;
import dev.lanewise.kernels.plan.FilterPacker;
import dev.lanewise.kernels.shape.Check;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A transposed convolution of one shape, ready to run: plan once, pack the filter once, run often.
 *
 * <p>With stride 1 it is a convolution with the mirrored filter, and a {@link ConvPlan} chooses the
 * algorithm; with other strides it is computed by phases, where a pinned algorithm and a race have
 * no say. Input and output are NCHW16C. A plan is immutable and safe for concurrent callers, its
 * runs allocate nothing, and its results have the same bits for any number of threads, any lane
 * width and any position in the batch. What {@link ConvPlan} says of values that are not finite
 * holds here too.
 */
public final class TransposedPlan {

  private final TransposedShape shape;
  private final ConvOptions options;
  private final int[] filterDims;
  private final int filterLength;

  /** Null where phases compute the plan, which are null otherwise. */
  private final ConvPlan mirrored;

  private final ConvAlgorithm phases;
  private final ConvRunner runner;
  private final FilterPacker packer;

  private TransposedPlan(TransposedShape shape, ConvOptions options) {
    this.shape = shape;
    this.options = options;
    filterDims = shape.filterDims();
    filterLength = shape.filterLength();
    if (shape.isMirrored()) {
      mirrored = ConvPlan.of(shape.mirrored(), options, new FilterTurn(shape, true));
      phases = null;
      runner = null;
      packer = null;
    } else {
      mirrored = null;
      // An empty batch runs nothing, but its filter is packed like any other.
      TransposedShape planned = shape.batch(Math.max(1, shape.batch()));
      phases =
          DepthwisePhases.computes(shape)
              ? new DepthwisePhases(planned)
              : new PhaseConvolution(planned);
      runner = new ConvRunner(phases, options, shape.inputDims(), shape.outputDims(), null);
      packer =
          new FilterPacker(phases, new FilterTurn(shape, false), filterLength, options.workers());
    }
  }

  /** Plans with {@link ConvOptions#defaults()}. */
  public static TransposedPlan of(TransposedShape shape) {
    return of(shape, ConvOptions.defaults());
  }

  /**
   * Plans with the given options.
   *
   * @throws IllegalArgumentException if the shape has no output, or needs more memory than one
   *     array holds
   */
  public static TransposedPlan of(TransposedShape shape, ConvOptions options) {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(options, "options");
    return new TransposedPlan(shape, options);
  }

  /** The shape that was planned. */
  public TransposedShape shape() {
    return shape;
  }

  /** The algorithm of the mirrored convolution, or nothing where phases compute the plan. */
  public Optional<Algorithm> algorithm() {
    return Optional.ofNullable(mirrored).map(ConvPlan::algorithm);
  }

  /** Floats of the input. */
  public int inputLength() {
    return mirrored != null ? mirrored.inputLength() : runner.inputLength();
  }

  /** Floats of the output. */
  public int outputLength() {
    return mirrored != null ? mirrored.outputLength() : runner.outputLength();
  }

  /** Scratch memory of all workers together, which they keep and other plans share. */
  public long workspaceBytes() {
    return mirrored != null
        ? mirrored.workspaceBytes()
        : (long) Float.BYTES * phases.scratchFloats() * options.workers().size();
  }

  /**
   * Lays a filter and bias out for this plan.
   *
   * @param filter {@code [inChannels][outChannels / groups][kernel...]}
   * @param bias one value for each output channel, or null for zeros
   * @throws IllegalArgumentException if a length is wrong
   */
  public PackedTransposedFilter pack(float[] filter, float[] bias) {
    Check.length("filter", filter, filterLength);
    if (mirrored != null) {
      return new PackedTransposedFilter(shape, null, null, mirrored.pack(filter, bias));
    }
    float[] padded = new float[Layout.blocks(shape.outChannels()) * Layout.BLOCK];
    float[] weights = new float[phases.filterFloats()];
    PackedTransposedFilter packed = new PackedTransposedFilter(shape, weights, padded, null);
    repack(filter, bias, packed);
    return packed;
  }

  /**
   * Lays new values out in the memory of a packed filter, as training needs at each step. No run
   * may be using it.
   *
   * @param packed made by this plan or one like it
   * @throws IllegalArgumentException if a length is wrong or the packed filter is another plan's
   */
  public void repack(float[] filter, float[] bias, PackedTransposedFilter packed) {
    Check.length("filter", filter, filterLength);
    packed.checkFits(shape, filterDims, mirrored == null);
    if (mirrored != null) {
      mirrored.repack(filter, bias, packed.mirrored);
      return;
    }
    if (bias != null) {
      Check.length("bias", bias, shape.outChannels());
      System.arraycopy(bias, 0, packed.bias, 0, bias.length);
    } else {
      Arrays.fill(packed.bias, 0);
    }
    packer.pack(filter, packed.weights);
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
  public void run(float[] input, PackedTransposedFilter filter, float[] output) {
    Objects.requireNonNull(filter, "filter").checkFits(shape, filterDims, mirrored == null);
    if (mirrored != null) {
      mirrored.run(input, filter.mirrored, output);
    } else {
      runner.run(input, filter.weights, filter.bias, output);
    }
  }

  /**
   * Computes the output from and into channel slices of wider images.
   *
   * @param filter packed by this plan or one like it
   * @throws IllegalArgumentException if a slice is too short, both overlap, the filter was packed
   *     for another plan, or the plan expects a residual
   */
  public void run(Slice input, PackedTransposedFilter filter, Slice output) {
    Objects.requireNonNull(filter, "filter").checkFits(shape, filterDims, mirrored == null);
    if (mirrored != null) {
      mirrored.run(input, filter.mirrored, null, output);
    } else {
      runner.run(input, filter.weights, filter.bias, null, output);
    }
  }

  /**
   * Computes the output with a filter that is packed for this run alone, in memory that other plans
   * use in turn; allocates nothing once the memory has grown.
   *
   * @param filter as in {@link #pack}
   * @param bias as in {@link #pack}
   * @throws IllegalArgumentException if a length is wrong, arrays are shared, or the plan expects a
   *     residual
   */
  public void run(
      float[] input, float[] filter, float[] bias, FilterMemory memory, float[] output) {
    Check.length("filter", filter, filterLength);
    if (mirrored != null) {
      mirrored.run(input, filter, bias, memory, output);
      return;
    }
    if (bias != null) {
      Check.length("bias", bias, shape.outChannels());
    }
    float[] weights = memory.weights(phases.filterFloats());
    Arrays.fill(weights, 0, phases.filterFloats(), 0f);
    packer.pack(filter, weights);
    float[] padded = memory.bias(bias, Layout.blocks(shape.outChannels()) * Layout.BLOCK);
    runner.run(input, weights, padded, output);
  }

  /**
   * Computes the output with a residual added before the activation.
   *
   * @param residual of the output's layout and length
   * @throws IllegalArgumentException as above, or if the plan was made without a residual
   */
  public void run(float[] input, PackedTransposedFilter filter, float[] residual, float[] output) {
    Objects.requireNonNull(filter, "filter").checkFits(shape, filterDims, mirrored == null);
    if (mirrored != null) {
      mirrored.run(input, filter.mirrored, residual, output);
    } else {
      runner.run(input, filter.weights, filter.bias, residual, output);
    }
  }

  /** Calls what a run of this plan calls until the compiler has done its best with it. */
  public void warmUp() {
    if (mirrored != null) {
      mirrored.warmUp();
    } else {
      runner.warmUp();
    }
  }

  /** How the plan computes and why, and how the work is divided. */
  public String explain() {
    if (mirrored != null) {
      return "%s: stride 1, as the convolution of the mirrored filter%n%s"
          .formatted(shape, mirrored.explain());
    }
    StringBuilder text = new StringBuilder();
    text.append("%s: by phases%n".formatted(shape));
    for (String line : phases.explain()) {
      text.append("  ").append(line).append(System.lineSeparator());
    }
    text.append(
        "  %d workers, %d bytes of scratch each; packed filter %d bytes%n"
            .formatted(
                options.workers().size(),
                (long) Float.BYTES * phases.scratchFloats(),
                (long) Float.BYTES * phases.filterFloats()));
    return text.toString();
  }
}
