package dev.lanewise.kernels.plan;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activation.Identity;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.padding.Padding;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.simd.Blocks;

/**
 * The operands of one run of a plan, and what is done to each piece of output once its sums are
 * complete. Plans keep their calls and use them again.
 */
public final class ConvCall implements Task {

  private final ConvAlgorithm algorithm;
  private final Activation activation;
  private final int outChannels;
  private final int outPixels;
  private float[] input;
  private int inputFirst;
  private int inputStride;
  private boolean planar;
  private float[] padded;
  private float[] weights;
  private float[] bias;
  private float[] residual;
  private int residualFirst;
  private int residualStride;
  private float[] output;
  private int outputFirst;
  private int outputStride;
  private int stage;
  private float[] common;

  /**
   * A call of an algorithm, its operands yet to be given.
   *
   * @param outChannels output channels
   * @param outPixels output positions of one image and channel
   */
  public ConvCall(ConvAlgorithm algorithm, Activation activation, int outChannels, int outPixels) {
    this.algorithm = algorithm;
    this.activation = activation;
    this.outChannels = outChannels;
    this.outPixels = outPixels;
  }

  /** The input, whose images begin at {@code first} and lie {@code imageStride} floats apart. */
  public ConvCall input(float[] data, int first, int imageStride) {
    input = data;
    inputFirst = first;
    inputStride = imageStride;
    planar = false;
    return this;
  }

  /** An input that is NCHW, for algorithms that {@link ConvAlgorithm#takesPlanar take} one. */
  public ConvCall planarInput(float[] data, int imageLength) {
    input(data, 0, imageLength);
    planar = true;
    return this;
  }

  /** Copies the input with its halo to memory of this call, and reads it there from now on. */
  public void pad(Padding padding, int paddedImage) {
    if (padded == null) {
      padded = new float[padding.paddedLength()];
    }
    padding.run(input, inputFirst, inputStride, padded);
    input(padded, 0, paddedImage);
  }

  /** The filter as the algorithm packed it, and the bias padded to whole blocks of 16. */
  public ConvCall filter(float[] packed, float[] paddedBias) {
    weights = packed;
    bias = paddedBias;
    return this;
  }

  /** The residual, or null if there is none. */
  public ConvCall residual(float[] data, int first, int imageStride) {
    residual = data;
    residualFirst = first;
    residualStride = imageStride;
    return this;
  }

  /** The output, placed like the input. */
  public ConvCall output(float[] data, int first, int imageStride) {
    output = data;
    outputFirst = first;
    outputStride = imageStride;
    return this;
  }

  /** Lets go of the operands. */
  public void clear() {
    input = null;
    weights = null;
    bias = null;
    residual = null;
    output = null;
    common = null;
  }

  /** Whether the input is NCHW instead of NCHW16C. */
  public boolean planar() {
    return planar;
  }

  /** The array in which the input lies; an image begins at {@link #inputImage}. */
  public float[] input() {
    return input;
  }

  /** Where an image of the input begins: its first channel block. */
  public int inputImage(int image) {
    return inputFirst + image * inputStride;
  }

  /** The filter as {@link ConvAlgorithm#pack} laid it out. */
  public float[] weights() {
    return weights;
  }

  /** The bias of each output channel, padded with zeros to whole blocks of 16. */
  public float[] bias() {
    return bias;
  }

  /** The array in which the output lies, NCHW16C; an image begins at {@link #outputImage}. */
  public float[] output() {
    return output;
  }

  /** Where the first channel block of an image of the output begins. */
  public int outputImage(int image) {
    return outputFirst + image * outputStride;
  }

  /** Whether {@link #finish} has anything to do. */
  public boolean finishes() {
    return residual != null || !(activation instanceof Identity);
  }

  /**
   * Adds the residual and applies the activation to output whose sums are complete and which is
   * best still in the first-level cache.
   *
   * @param block the block of 16 output channels in which it lies
   * @param pixel the first of its pixels, counted through rows and planes
   * @param pixels how many
   */
  public void finish(int image, int block, int pixel, int pixels) {
    int within = (block * outPixels + pixel) * Layout.BLOCK;
    int from = outputImage(image) + within;
    int length = pixels * Layout.BLOCK;
    if (residual != null) {
      int other = start(image, block, pixel);
      Blocks.add(residual, other, Layout.BLOCK, output, from, Layout.BLOCK, pixels);
    }
    if (!(activation instanceof Identity)) {
      int channels = Math.min(Layout.BLOCK, outChannels - block * Layout.BLOCK);
      Activations.applyBlocked(activation, output, from, from + length, channels);
    }
  }

  /**
   * Values from which sums may start: the residual, which then comes in while the products before
   * it are computed, or the bias. Such sums end with {@link #finishStarted}.
   */
  public float[] start() {
    return residual == null ? bias : residual;
  }

  /** Where the starting values of a pixel of a block of 16 output channels lie. */
  public int start(int image, int block, int pixel) {
    return residual == null
        ? block * Layout.BLOCK
        : residualFirst + image * residualStride + (block * outPixels + pixel) * Layout.BLOCK;
  }

  /** Floats from the starting values of one pixel to those of the next. */
  public int startPixel() {
    return residual == null ? 0 : Layout.BLOCK;
  }

  /** Floats from the starting values of one block to those of the next. */
  public int startBlock() {
    return residual == null ? Layout.BLOCK : outPixels * Layout.BLOCK;
  }

  /** The same as {@link #finish} for sums that began with {@link #start()}. */
  public void finishStarted(int image, int block, int pixel, int pixels) {
    if (residual == null) {
      finish(image, block, pixel, pixels);
      return;
    }
    int from = outputImage(image) + (block * outPixels + pixel) * Layout.BLOCK;
    int channels = Math.min(Layout.BLOCK, outChannels - block * Layout.BLOCK);
    Activations.applyBlocked(
        activation, bias, block * Layout.BLOCK, output, from, pixels, channels);
  }

  /** Which stage of the algorithm this is, from 0. */
  public int stage() {
    return stage;
  }

  /** Memory of {@link ConvAlgorithm#commonFloats} that all workers share, from stage to stage. */
  public float[] common() {
    return common;
  }

  @Override
  public int stages(int workers) {
    return algorithm.stages(workers);
  }

  @Override
  public void begin(int nextStage, int workers, Scratch memory) {
    stage = nextStage;
    common = memory.floats(algorithm.commonFloats(workers));
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    algorithm.run(worker, workers, scratch, this);
  }
}
