package dev.lanewise.kernels.direct;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;

/**
 * One or two blocks of 16 output channels that a strip computes together, with the input blocks
 * that they depend on.
 *
 * <p>Where channel groups do not begin at a block, the input blocks of all the groups that share
 * the output blocks are read and the packed filter is zero between strangers.
 *
 * @param firstBlock first block of output channels
 * @param blocks 1 or 2
 * @param firstInBlock first block of input channels: of 16, or of fewer that are packed densely
 * @param inBlocks blocks of input channels
 * @param filterBase where the group's packed filter begins, in floats
 */
public record OutputGroup(
    int firstBlock, int blocks, int firstInBlock, int inBlocks, int filterBase) {

  private static final int WIDE = 2;

  /** Strips that are finished at a time, in half a first-level cache. */
  private static final int FINISHED_STRIPS = 8;

  /**
   * All output groups of a convolution: pairs of blocks, and a single one last if it is left.
   *
   * @throws IllegalArgumentException if the packed filter would exceed 2^31 - 1 floats
   */
  public static OutputGroup[] all(ConvShape shape) {
    return all(shape, Layout.BLOCK, shape.kernelTaps() * Layout.BLOCK);
  }

  /** The same for blocks of other numbers of input channels and terms. */
  static OutputGroup[] all(ConvShape shape, int blockChannels, int blockTerms) {
    int outBlocks = Layout.blocks(shape.outChannels());
    OutputGroup[] groups = new OutputGroup[(outBlocks + WIDE - 1) / WIDE];
    int filterBase = 0;
    for (int i = 0; i < groups.length; i++) {
      int first = i * WIDE;
      groups[i] = of(shape, first, Math.min(WIDE, outBlocks - first), filterBase, blockChannels);
      long end = filterBase + groups[i].floats(blockTerms);
      Check.that(
          end <= Integer.MAX_VALUE, "packed filter of %s exceeds 2^31 - 1 floats: %d", shape, end);
      filterBase = (int) end;
    }
    return groups;
  }

  private static OutputGroup of(
      ConvShape shape, int first, int blocks, int filterBase, int blockChannels) {
    int block = Layout.BLOCK;
    int outPerGroup = shape.outChannels() / shape.groups();
    int inPerGroup = shape.inChannels() / shape.groups();
    int lastChannel = Math.min((first + blocks) * block, shape.outChannels()) - 1;
    int firstIn = first * block / outPerGroup * inPerGroup / blockChannels;
    int endIn = Math.ceilDiv((lastChannel / outPerGroup + 1) * inPerGroup, blockChannels);
    return new OutputGroup(first, blocks, firstIn, endIn - firstIn, filterBase);
  }

  /** Floats of a filter row: the output channels. */
  public int channels() {
    return blocks * Layout.BLOCK;
  }

  /** Floats of the group's packed filter: {@code [inBlocks][taps][16][channels]}. */
  public long filterFloats(int taps) {
    return floats((long) taps * Layout.BLOCK);
  }

  /** Floats of the packed filter where an input block has so many terms. */
  long floats(long blockTerms) {
    return inBlocks * blockTerms * channels();
  }

  /**
   * Computes neighbouring output pixels in even strips, and finishes some strips at a time.
   *
   * @param source where the input lies; {@code in} is that of the first pixel
   * @param taps the terms of the sums
   * @param outPlane floats of a block of output channels
   * @param first the first pixel, counted through rows and planes
   * @param count how many
   */
  public void run(
      BatchReduce kernel,
      int pixelStride,
      float[] source,
      int in,
      Taps taps,
      ConvCall call,
      int image,
      int outPlane,
      int first,
      int count) {
    int strips = Math.ceilDiv(count, kernel.maxPixels(taps.terms()));
    int narrow = count / strips;
    int wide = count % strips;
    int most = call.finishes() ? FINISHED_STRIPS : strips;
    int out = call.outputImage(image) + firstBlock * outPlane;
    boolean started = startsFromResidual(pixelStride, taps);
    for (int strip = 0, pixel = first, together; strip < strips; strip += together) {
      boolean isWide = strip < wide;
      int width = isWide ? narrow + 1 : narrow;
      together = Math.min(most, (isWide ? wide : strips) - strip);
      kernel.strips(
          pixelStride,
          blocks,
          width,
          together,
          source,
          in + (pixel - first) * pixelStride,
          taps,
          call.weights(),
          filterBase,
          started ? call.start() : call.bias(),
          started ? call.start(image, firstBlock, pixel) : firstBlock * Layout.BLOCK,
          started ? call.startPixel() : 0,
          started ? call.startBlock() : Layout.BLOCK,
          call.output(),
          out + pixel * Layout.BLOCK,
          Layout.BLOCK,
          outPlane);
      finish(call, image, pixel, together * width, started);
      pixel += together * width;
    }
  }

  private void finish(ConvCall call, int image, int pixel, int pixels, boolean started) {
    for (int b = 0; b < blocks; b++) {
      if (started) {
        call.finishStarted(image, firstBlock + b, pixel, pixels);
      } else {
        call.finish(image, firstBlock + b, pixel, pixels);
      }
    }
  }

  /**
   * Whether sums start from the residual: where there are methods for it, and channels are too many
   * to be packed densely, for a few have the same bits however they are packed.
   */
  public boolean startsFromResidual(int pixelStride, Taps taps) {
    return pixelStride == Layout.BLOCK
        && taps.terms() == Layout.BLOCK
        && inBlocks * Layout.BLOCK > Geometry.MOST_PACKED;
  }
}
