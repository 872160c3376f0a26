package dev.lanewise.kernels.padding;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.shape.PaddingMode;
import dev.lanewise.kernels.simd.Blocks;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Surrounds NCHW16C images of one to three spatial dimensions by a halo, and carries gradients
 * back.
 *
 * <p>An instance is immutable and safe for concurrent callers; its runs allocate nothing. Gradients
 * of copies are added in the order in which the copies lie in the padded image, so results have the
 * same bits for any number of threads and lanes.
 */
public final class Padding {

  private static final int BLOCK = Layout.BLOCK;
  private static final Halo NONE = new Halo(1, 0, 0, PaddingMode.ZERO);

  private final Halo depth;
  private final Halo height;
  private final Halo width;
  private final Workers workers;
  private final int batch;
  private final int blocks;

  /** A pixel of the constant in all channel blocks but the last, and in the last. */
  private final float[] constant = new float[BLOCK];

  private final float[] lastConstant = new float[BLOCK];
  private final int[] paddedDims;
  private final int inputImage;
  private final int paddedLength;
  private final AtomicReference<Forward> idleForward = new AtomicReference<>();
  private final AtomicReference<Backward> idleBackward = new AtomicReference<>();

  private Padding(
      int[] dims, int[] before, int[] after, PaddingMode mode, float value, Workers workers) {
    int axes = dims.length - 2;
    Check.that(
        axes >= 1 && axes <= 3,
        "padding takes dimensions [batch, channels, 1 to 3 spatial...], not %s",
        Arrays.toString(dims));
    Check.that(
        before.length == axes && after.length == axes,
        "padding of %d axes takes as many values before and after, not %d and %d",
        axes,
        before.length,
        after.length);
    Layout.NCHW16C.length(dims);
    this.workers = Objects.requireNonNull(workers, "workers");
    batch = dims[0];
    blocks = Layout.blocks(dims[1]);
    Halo[] halos = {NONE, NONE, NONE};
    paddedDims = dims.clone();
    for (int i = 0; i < axes; i++) {
      Axis axis = Axis.of(dims[2 + i], 1).withPadding(before[i], after[i]);
      paddedDims[2 + i] = axis.padded();
    }
    paddedLength = Layout.NCHW16C.length(paddedDims);
    for (int i = 0; i < axes; i++) {
      halos[3 - axes + i] = new Halo(dims[2 + i], before[i], after[i], mode);
    }
    depth = halos[0];
    height = halos[1];
    width = halos[2];
    inputImage = image(dims);
    Arrays.fill(constant, value);
    Arrays.fill(lastConstant, 0, dims[1] - (blocks - 1) * BLOCK, value);
  }

  private static int image(int[] dims) {
    int[] one = dims.clone();
    one[0] = 1;
    return Layout.NCHW16C.length(one);
  }

  /**
   * Padding of a mode.
   *
   * @param dims {@code [batch, channels, spatial...]} of the images
   * @param before elements before the first of each spatial axis
   * @param after elements after the last
   * @throws IllegalArgumentException if there are not 1 to 3 spatial axes with a value each, one is
   *     negative, the mode cannot fill it, or the padded tensor exceeds 2^31 - 1 floats
   */
  public static Padding of(
      int[] dims, int[] before, int[] after, PaddingMode mode, Workers workers) {
    return new Padding(dims, before, after, Objects.requireNonNull(mode, "mode"), 0, workers);
  }

  /** Padding by a constant; otherwise as {@link #of(int[], int[], int[], PaddingMode, Workers)}. */
  public static Padding constant(
      int[] dims, int[] before, int[] after, float value, Workers workers) {
    return new Padding(dims, before, after, PaddingMode.ZERO, value, workers);
  }

  /** The padding of a convolution's input. */
  public static Padding of(ConvShape shape, Workers workers) {
    return of(
        shape.inputDims(),
        shape.axes().stream().mapToInt(Axis::padBefore).toArray(),
        shape.axes().stream().mapToInt(Axis::padAfter).toArray(),
        shape.paddingMode(),
        workers);
  }

  /** Dimensions of the padded tensor. */
  public int[] paddedDims() {
    return paddedDims.clone();
  }

  /** Floats of the input. */
  public int inputLength() {
    return batch * inputImage;
  }

  /** Floats of the padded tensor. */
  public int paddedLength() {
    return paddedLength;
  }

  /**
   * Copies images with their halo.
   *
   * @param input NCHW16C
   * @param padded NCHW16C, another array, all overwritten
   * @throws IllegalArgumentException if a length is wrong or both are one array
   */
  public void run(float[] input, float[] padded) {
    Check.length("input", input, inputLength());
    run(input, 0, inputImage, padded);
  }

  /**
   * Copies images that lie apart, such as slices of wider ones, with their halo.
   *
   * @param first where the first image begins, in floats
   * @param imageStride floats from one image to the next
   * @throws IllegalArgumentException if images lie outside the array, the padded length is wrong or
   *     both are one array
   */
  public void run(float[] input, int first, int imageStride, float[] padded) {
    checkImages("input", input, first, imageStride);
    Check.length("padded", padded, paddedLength);
    Check.distinct("input", input, "padded", padded);
    Forward forward = idleForward.getAndSet(null);
    if (forward == null) {
      forward = new Forward();
    }
    forward.with(input, first, imageStride, padded);
    workers.run(forward);
    forward.with(null, 0, 0, null);
    idleForward.set(forward);
  }

  /**
   * Carries a gradient back: each element's gradient is the sum of its copies'.
   *
   * @param gradPadded gradient of the padded tensor
   * @param gradInput gradient of the input, overwritten
   * @throws IllegalArgumentException if a length is wrong or both are one array
   */
  public void backward(float[] gradPadded, float[] gradInput) {
    Check.length("gradPadded", gradPadded, paddedLength);
    Check.length("gradInput", gradInput, inputLength());
    Check.distinct("gradPadded", gradPadded, "gradInput", gradInput);
    Backward backward = idleBackward.getAndSet(null);
    if (backward == null) {
      backward = new Backward();
    }
    backward.with(gradPadded, gradInput);
    workers.run(backward);
    backward.with(null, null);
    idleBackward.set(backward);
  }

  private void checkImages(String name, float[] data, int first, int stride) {
    if (!Slice.holds(data, first, stride, batch, inputImage)) {
      throw new IllegalArgumentException(
          "%s: %d images of %d floats from %d with stride %d do not lie in an array of %d"
              .formatted(name, batch, inputImage, first, stride, data.length));
    }
  }

  /** One forward run, divided by rows of the padded tensor. */
  private final class Forward implements Task {
    private float[] input;
    private int first;
    private int imageStride;
    private float[] padded;

    void with(float[] newInput, int newFirst, int newImageStride, float[] newPadded) {
      input = newInput;
      first = newFirst;
      imageStride = newImageStride;
      padded = newPadded;
    }

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int rows = depth.padded * height.padded;
      int units = batch * blocks * rows;
      int end = Workers.start(units, worker + 1, count);
      for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
        int plane = unit / rows;
        int row = unit % rows;
        int d = depth.source[row / height.padded];
        int h = height.source[row % height.padded];
        int to = unit * width.padded * BLOCK;
        float[] value = plane % blocks == blocks - 1 ? lastConstant : constant;
        if (d < 0 || h < 0) {
          fill(value, to, width.padded);
        } else {
          int inRows = depth.input * height.input;
          int inRow = plane % blocks * inRows + d * height.input + h;
          copyRow(value, first + plane / blocks * imageStride + inRow * width.input * BLOCK, to);
        }
      }
    }

    private void copyRow(float[] value, int from, int to) {
      halo(value, from, to, 0, width.before);
      System.arraycopy(input, from, padded, to + width.before * BLOCK, width.input * BLOCK);
      halo(value, from, to, width.before + width.input, width.padded);
    }

    private void halo(float[] value, int from, int to, int begin, int end) {
      for (int p = begin; p < end; p++) {
        int source = width.source[p];
        if (source < 0) {
          fill(value, to + p * BLOCK, 1);
        } else {
          Blocks.copy(input, from + source * BLOCK, BLOCK, padded, to + p * BLOCK, BLOCK, 1);
        }
      }
    }

    private void fill(float[] value, int to, int pixels) {
      Blocks.copy(value, 0, 0, padded, to, BLOCK, pixels);
    }
  }

  /** One backward run, divided by rows of the input. */
  private final class Backward implements Task {
    private float[] gradPadded;
    private float[] gradInput;

    void with(float[] newGradPadded, float[] newGradInput) {
      gradPadded = newGradPadded;
      gradInput = newGradInput;
    }

    @Override
    public void run(int worker, int count, Scratch scratch) {
      int rows = depth.input * height.input;
      int units = batch * blocks * rows;
      int end = Workers.start(units, worker + 1, count);
      for (int unit = Workers.start(units, worker, count); unit < end; unit++) {
        int plane = unit / rows;
        int row = unit % rows;
        int to = unit * width.input * BLOCK;
        Arrays.fill(gradInput, to, to + width.input * BLOCK, 0f);
        for (int d : depth.copies[row / height.input]) {
          for (int h : height.copies[row % height.input]) {
            addRow(((plane * depth.padded + d) * height.padded + h) * width.padded * BLOCK, to);
          }
        }
      }
    }

    private void addRow(int from, int to) {
      addHalo(from, to, 0, width.before);
      Blocks.add(gradPadded, from + width.before * BLOCK, BLOCK, gradInput, to, BLOCK, width.input);
      addHalo(from, to, width.before + width.input, width.padded);
    }

    private void addHalo(int from, int to, int begin, int end) {
      for (int p = begin; p < end; p++) {
        int source = width.source[p];
        if (source >= 0) {
          Blocks.add(gradPadded, from + p * BLOCK, BLOCK, gradInput, to + source * BLOCK, BLOCK, 1);
        }
      }
    }
  }
}
