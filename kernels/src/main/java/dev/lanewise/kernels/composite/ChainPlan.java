package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.Chain.Link;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A chain of convolutions, ready to run, over NCHW16C activations.
 *
 * <p>Its results have the bits of its convolutions run one by one. What lies between them stays in
 * memory that the plan keeps: runs allocate nothing. A plan is safe for concurrent callers.
 */
public final class ChainPlan {

  private final Chain chain;
  private final List<ConvPlan> plans;
  private final ConvOptions options;
  private final int inputImage;
  private final int outputImage;
  private final AtomicReference<float[][]> idleMemory = new AtomicReference<>();

  private ChainPlan(Chain chain, ConvOptions options) {
    this.chain = Objects.requireNonNull(chain, "chain");
    this.options = Objects.requireNonNull(options, "options");
    Check.that(
        !options.residual() && options.activation().equals(Activation.IDENTITY),
        "a chain's links have activations of their own, and it takes no residual");
    plans =
        chain.links().stream()
            .map(link -> ConvPlan.of(link.shape(), options.withActivation(link.activation())))
            .toList();
    Link first = chain.links().getFirst();
    Link last = chain.links().getLast();
    inputImage = Layout.NCHW16C.length(first.shape().batch(1).inputDims());
    outputImage = Layout.NCHW16C.length(last.shape().batch(1).outputDims());
  }

  /**
   * Plans every convolution of a chain with the same options.
   *
   * @throws IllegalArgumentException if the options have an activation or a residual
   */
  public static ChainPlan of(Chain chain, ConvOptions options) {
    return new ChainPlan(chain, options);
  }

  /** What was planned. */
  public Chain chain() {
    return chain;
  }

  /** The plans of the chain's convolutions, first to last. */
  public List<ConvPlan> plans() {
    return plans;
  }

  /** Floats of the input. */
  public int inputLength() {
    return plans.getFirst().inputLength();
  }

  /** Floats of the output. */
  public int outputLength() {
    return plans.getLast().outputLength();
  }

  /** Scratch of the hungriest convolution, and the memory between them. */
  public long workspaceBytes() {
    long scratch = plans.stream().mapToLong(ConvPlan::workspaceBytes).max().orElseThrow();
    return scratch + betweenBytes();
  }

  private long betweenBytes() {
    return (long) Float.BYTES
        * (plans.stream().mapToLong(ConvPlan::outputLength).sum() - outputLength());
  }

  /**
   * Lays the filters out.
   *
   * @param filters one for each convolution, as {@link ConvPlan#pack} takes it
   * @param biases one for each, null for zeros
   * @throws IllegalArgumentException if there are more or fewer, or a length is wrong
   */
  public PackedChain pack(List<float[]> filters, List<float[]> biases) {
    Check.that(
        filters.size() == plans.size() && biases.size() == plans.size(),
        "a chain of %d convolutions needs as many filters and biases, not %d and %d",
        plans.size(),
        filters.size(),
        biases.size());
    List<PackedFilter> packed = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      packed.add(plans.get(i).pack(filters.get(i), biases.get(i)));
    }
    return new PackedChain(packed);
  }

  /**
   * Computes the output.
   *
   * @param input NCHW16C
   * @param filters packed by this plan or one like it
   * @param output NCHW16C, another array than the input
   * @throws IllegalArgumentException if a length is wrong, arrays are shared or the filters do not
   *     fit
   */
  public void run(float[] input, PackedChain filters, float[] output) {
    Check.length("input", input, inputLength());
    Check.length("output", output, outputLength());
    run(input, 0, inputImage, filters, output, 0, outputImage);
  }

  /**
   * Computes the output from and into images that lie apart, such as channel slices of wider ones.
   *
   * @param inputFirst where the first image begins, in floats
   * @param inputStride floats from one image to the next
   * @throws IllegalArgumentException if images lie outside an array, arrays are shared or the
   *     filters do not fit
   */
  public void run(
      float[] input,
      int inputFirst,
      int inputStride,
      PackedChain filters,
      float[] output,
      int outputFirst,
      int outputStride) {
    Check.distinct("input", input, "output", output);
    Check.that(
        filters.size() == plans.size(),
        "a chain of %d convolutions needs as many packed filters, not %d",
        plans.size(),
        filters.size());
    float[][] between = idleMemory.getAndSet(null);
    if (between == null) {
      between = memory();
    }
    float[] source = input;
    int first = inputFirst;
    int stride = inputStride;
    int last = plans.size() - 1;
    for (int i = 0; i <= last; i++) {
      ConvPlan plan = plans.get(i);
      if (i == last) {
        plan.run(source, first, stride, filters.filter(i), output, outputFirst, outputStride);
      } else {
        int image = between[i].length / Math.max(1, plan.shape().batch());
        plan.run(source, first, stride, filters.filter(i), between[i], 0, image);
        source = between[i];
        first = 0;
        stride = image;
      }
    }
    idleMemory.set(between);
  }

  /** The outputs of all convolutions but the last. */
  private float[][] memory() {
    float[][] between = new float[plans.size() - 1][];
    for (int i = 0; i < between.length; i++) {
      between[i] = new float[plans.get(i).outputLength()];
    }
    return between;
  }

  /** Warms all convolutions up: see {@link ConvPlan#warmUp}. */
  public void warmUp() {
    plans.forEach(ConvPlan::warmUp);
  }

  /** What each convolution's plan says, and how much memory lies between them. */
  public String explain() {
    StringBuilder text = new StringBuilder();
    text.append(
        "chain of %d convolutions, %d bytes between them, %d workers%n"
            .formatted(plans.size(), betweenBytes(), options.workers().size()));
    plans.forEach(plan -> text.append(plan.explain()));
    return text.toString();
  }
}
