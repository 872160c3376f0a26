package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.FilterGradientCall;
import dev.lanewise.kernels.plan.FilterMemory;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.kernels.transposed.TransposedPlan;
import dev.lanewise.kernels.transposed.TransposedShape;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The backward pass of a convolution of any shape: gradients by data, by filter and by bias.
 *
 * <p>Activations and their gradients are NCHW16C ({@link Layout}), whose padding lanes must be zero
 * and are zero; filters are {@code [outChannels][inChannels / groups][kernel...]}. What is
 * differentiated is the convolution without its epilogue: a residual or activation in the options
 * has no effect. The options' accuracy, pinned algorithm, race and workspace limit apply to the
 * gradient by data with stride 1, which is itself a convolution; the accuracy and a pinned
 * algorithm of Winograd's also to the gradient by filter, which is plain sums otherwise.
 *
 * <p>Sums are cut into parts that depend on the shape alone, so results have the same bits for any
 * number of threads and any lane width, unless a race picks the algorithm. What a direction needs
 * is prepared at its first use; from then on calls allocate nothing. Callers of the gradient by a
 * packed filter do not disturb each other; those of each other direction wait for each other.
 */
public final class ConvGradient {

  private static final Workers ALONE = Workers.of(1);

  private final ConvShape shape;
  private final ConvOptions options;
  private final int inputLength;
  private final int outputLength;
  private final int filterLength;

  /** Makes padding other than zeros part of the input; null where there is none. */
  private final Padding padding;

  /** The input or its gradient with a halo, made when it is needed first. */
  private float[] padded;

  private final BiasGradient bias;
  private TransposedPlan dataPlan;
  private final FilterMemory kept = new FilterMemory();

  private final FilterGradientCall filterCall = new FilterGradientCall();

  /** Computes the gradient by filter; made at its first use. */
  private FilterMethod filterMethod;

  private ConvGradient(ConvShape shape, ConvOptions options) {
    this.shape = shape;
    this.options =
        new ConvOptions(
            options.algorithm(),
            options.race(),
            false,
            Activation.IDENTITY,
            options.accuracy(),
            options.workspaceLimit(),
            options.wisdom(),
            options.repacked(),
            options.workers());
    inputLength = Layout.NCHW16C.length(shape.inputDims());
    outputLength = Layout.NCHW16C.length(shape.outputDims());
    filterLength = shape.filterLength();
    padding = shape.paddingMode() == PaddingMode.ZERO ? null : Padding.of(shape, options.workers());
    bias = new BiasGradient(shape);
  }

  /** The gradients of a convolution with {@link ConvOptions#defaults()}. */
  public static ConvGradient of(ConvShape shape) {
    return of(shape, ConvOptions.defaults());
  }

  /**
   * The gradients of a convolution.
   *
   * @throws IllegalArgumentException if a dilated kernel is larger than its padded input
   */
  public static ConvGradient of(ConvShape shape, ConvOptions options) {
    return new ConvGradient(
        Objects.requireNonNull(shape, "shape"), Objects.requireNonNull(options, "options"));
  }

  /** The convolution whose gradients these are. */
  public ConvShape shape() {
    return shape;
  }

  private synchronized TransposedPlan dataPlan() {
    if (dataPlan == null) {
      TransposedShape problem = TransposedShape.gradientOf(shape.zeroPadded());
      dataPlan = TransposedPlan.of(problem, options.race() ? options : fixed(problem));
    }
    return dataPlan;
  }

  /** The options with the algorithm that one worker would use: any number then gives its bits. */
  private ConvOptions fixed(TransposedShape problem) {
    return TransposedPlan.of(problem, options.withWorkers(ALONE))
        .algorithm()
        .map(options::withAlgorithm)
        .orElse(options);
  }

  /**
   * Lays a filter out for the gradient by data.
   *
   * @throws IllegalArgumentException if its length is wrong
   */
  public PackedGradientFilter packData(float[] filterValues) {
    return new PackedGradientFilter(dataPlan().pack(filterValues, null));
  }

  /**
   * Lays new values out in the memory of a packed filter, as training needs at each step; allocates
   * nothing. No gradient may be using it.
   *
   * @throws IllegalArgumentException if the length is wrong or the filter was packed for another
   *     gradient
   */
  public void repackData(float[] filterValues, PackedGradientFilter packed) {
    dataPlan().repack(filterValues, null, packed.filter);
  }

  /**
   * Gradient by data, with a filter that was packed before.
   *
   * @param gradOutput gradient of the output
   * @param gradInput overwritten
   * @throws IllegalArgumentException if a length is wrong, both gradients are one array, or the
   *     filter was packed for another gradient
   */
  public void data(PackedGradientFilter packed, float[] gradOutput, float[] gradInput) {
    Objects.requireNonNull(packed, "filter");
    checkData(gradOutput, gradInput);
    if (padding == null) {
      dataPlan().run(gradOutput, packed.filter, gradInput);
      return;
    }
    synchronized (this) {
      dataPlan().run(gradOutput, packed.filter, padded());
      padding.backward(padded(), gradInput);
    }
  }

  /**
   * Gradient by data from and into channel slices of wider images.
   *
   * @param gradOutput gradient of the output
   * @param gradInput overwritten
   * @throws IllegalArgumentException if a slice is too short, both overlap, the filter was packed
   *     for another gradient, or the padding is not zeros
   */
  public void data(PackedGradientFilter packed, Slice gradOutput, Slice gradInput) {
    Objects.requireNonNull(packed, "filter");
    Check.that(
        padding == null,
        "%s padding is taken back from whole arrays, not slices",
        shape.paddingMode().label());
    dataPlan().run(gradOutput, packed.filter, gradInput);
  }

  /**
   * Gradient by data, with a filter that is packed in memory kept for the purpose.
   *
   * @param filterValues {@code [outChannels][inChannels / groups][kernel...]}
   * @param gradOutput gradient of the output
   * @param gradInput overwritten
   * @throws IllegalArgumentException if a length is wrong or both gradients are one array
   */
  public synchronized void data(float[] filterValues, float[] gradOutput, float[] gradInput) {
    data(filterValues, kept, gradOutput, gradInput);
  }

  /**
   * Gradient by data, with a filter that is packed for this call alone.
   *
   * @param filterValues {@code [outChannels][inChannels / groups][kernel...]}
   * @param memory where it is packed, which other plans may use in turn
   * @param gradOutput gradient of the output
   * @param gradInput overwritten
   * @throws IllegalArgumentException if a length is wrong or both gradients are one array
   */
  public synchronized void data(
      float[] filterValues, FilterMemory memory, float[] gradOutput, float[] gradInput) {
    Check.length("filter", filterValues, filterLength);
    checkData(gradOutput, gradInput);
    if (padding == null) {
      dataPlan().run(gradOutput, filterValues, null, memory, gradInput);
      return;
    }
    dataPlan().run(gradOutput, filterValues, null, memory, padded());
    padding.backward(padded(), gradInput);
  }

  private void checkData(float[] gradOutput, float[] gradInput) {
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradInput", gradInput, inputLength);
    Check.distinct("gradOutput", gradOutput, "gradInput", gradInput);
  }

  private float[] padded() {
    if (padded == null) {
      padded = new float[padding.paddedLength()];
    }
    return padded;
  }

  /**
   * Gradient by filter.
   *
   * @param input input of the forward pass
   * @param gradOutput gradient of the output
   * @param gradFilter {@code [outChannels][inChannels / groups][kernel...]}, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public synchronized void filter(float[] input, float[] gradOutput, float[] gradFilter) {
    Check.length("input", input, inputLength);
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradFilter", gradFilter, filterLength);
    filter(filterCall.input(input, 0).gradOutput(gradOutput, 0).gradFilter(gradFilter, 0));
  }

  /**
   * Gradient by filter of images that begin anywhere in their arrays, such as at a cache line
   * ({@link Slice#allocate}).
   *
   * @param input input of the forward pass, its images one behind the other
   * @param gradOutput gradient of the output, likewise
   * @param gradFilter {@code [outChannels][inChannels / groups][kernel...]} from {@code first} on,
   *     overwritten
   * @throws IllegalArgumentException if images do not lie one behind the other, or an operand not
   *     in its array
   */
  public synchronized void filter(Slice input, Slice gradOutput, float[] gradFilter, int first) {
    requireWhole("input", input, inputLength);
    requireWhole("gradOutput", gradOutput, outputLength);
    Slice.require("gradFilter", gradFilter, first, filterLength, 1, filterLength);
    filter(
        filterCall
            .input(input.data(), input.first())
            .gradOutput(gradOutput.data(), gradOutput.first())
            .gradFilter(gradFilter, first));
  }

  private void requireWhole(String name, Slice images, int length) {
    int batch = shape.batch();
    int image = batch == 0 ? 0 : length / batch;
    Check.that(
        batch <= 1 || images.imageStride() == image,
        "%s: images of %d floats lie %d apart, not one behind the other",
        name,
        image,
        images.imageStride());
    images.require(name, batch, image);
  }

  private void filter(FilterGradientCall call) {
    try {
      if (shape.batch() == 0) {
        int first = call.gradFilterFirst();
        Arrays.fill(call.gradFilter(), first, first + filterLength, 0f);
        return;
      }
      if (padding != null) {
        padding.run(call.input(), call.inputFirst(), inputLength / shape.batch(), padded());
        call.input(padded(), 0);
      }
      filterMethod().sum().run(call, options.workers());
    } finally {
      call.clear();
    }
  }

  private synchronized FilterMethod filterMethod() {
    if (filterMethod == null) {
      filterMethod = FilterMethod.of(shape.zeroPadded(), options);
    }
    return filterMethod;
  }

  /**
   * Gradient by bias: the sum over images and pixels.
   *
   * @param gradOutput gradient of the output
   * @param gradBias one float for each output channel, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public synchronized void bias(float[] gradOutput, float[] gradBias) {
    Check.length("gradOutput", gradOutput, outputLength);
    Check.length("gradBias", gradBias, shape.outChannels());
    if (shape.batch() == 0) {
      Arrays.fill(gradBias, 0f);
      return;
    }
    bias.run(gradOutput, gradBias, options.workers());
  }

  /**
   * Calls the micro-kernels that the gradient by data, and that by filter of a depthwise
   * convolution, need until they are compiled.
   */
  public void warmUp() {
    dataPlan().warmUp();
    if (shape.batch() > 0) {
      filterMethod().warmUp().run();
    }
  }

  /**
   * The algorithm of the gradient by filter. {@link Algorithm#DIRECT} stands for sums over pixels.
   */
  public Algorithm filterAlgorithm() {
    return filterMethod().algorithm();
  }

  /** The algorithm of the gradient by data; empty if it is computed by phases. */
  public Optional<Algorithm> dataAlgorithm() {
    return dataPlan().algorithm();
  }

  /** How each direction is computed and why. */
  public String explain() {
    FilterMethod method = filterMethod();
    StringBuilder text = new StringBuilder("by data: ").append(dataPlan().explain());
    text.append("by filter: %s%n".formatted(method.name()));
    for (String line : method.facts().get()) {
      text.append("  ").append(line).append(System.lineSeparator());
    }
    return text.append("by bias: sums over pixels%n".formatted()).toString();
  }
}
