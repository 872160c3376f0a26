package dev.lanewise.kernels.norm;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.activation.Activations;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.Lanes;

/** The operands of one call of a {@link ChannelAffine}, divided by pieces of planes. */
final class AffineCall implements Task {

  private static final int BLOCK = Layout.BLOCK;

  private final int channels;
  private final int blocks;
  private final int pixels;
  private final int pieces;
  private final int units;
  private final Activation activation;
  private Slice x;
  private Slice scale;
  private Slice shift;
  private Slice y;

  AffineCall(int images, int channels, int pixels, Activation activation) {
    this.channels = channels;
    this.pixels = pixels;
    this.activation = activation;
    blocks = Layout.blocks(channels);
    pieces = Math.ceilDiv(pixels, NormSets.PIECE);
    units = images * blocks * pieces;
  }

  void operands(Slice newX, Slice newScale, Slice newShift, Slice newY) {
    x = newX;
    scale = newScale;
    shift = newShift;
    y = newY;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int plane = unit / pieces;
      piece(plane / blocks, plane % blocks, unit % pieces * NormSets.PIECE);
    }
  }

  /** Computes up to {@link NormSets#PIECE} pixels of a plane. */
  void piece(int image, int block, int pixel) {
    int count = Math.min(NormSets.PIECE, pixels - pixel);
    int inImage = (block * pixels + pixel) * BLOCK;
    int from = x.first() + image * x.imageStride() + inImage;
    int to = y.first() + image * y.imageStride() + inImage;
    int factors = scale.first() + image * scale.imageStride() + block * BLOCK;
    int summands = shift.first() + image * shift.imageStride() + block * BLOCK;
    if (Lanes.vectorised()) {
      VectorAffine.run(
          x.data(), from, count, scale.data(), factors, shift.data(), summands, y.data(), to);
    } else {
      ScalarAffine.run(
          x.data(), from, count, scale.data(), factors, shift.data(), summands, y.data(), to);
    }
    int lanes = Math.min(BLOCK, channels - block * BLOCK);
    Activations.applyBlocked(activation, y.data(), to, to + count * BLOCK, lanes);
  }
}
