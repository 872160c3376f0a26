package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Arrays;

/**
 * Copies all channels of NCHW16C images to a range of channels of wider ones, at any lane, or back.
 */
final class ChannelCopy implements Task {

  private static final int BLOCK = Layout.BLOCK;

  private final int batch;
  private final int channels;
  private final int pixels;
  private final int toChannel;
  private final int toChannels;
  private float[] narrow;
  private float[] wide;
  private boolean back;

  /**
   * A copy of {@code channels} channels to {@code toChannel} and after, out of {@code toChannels}.
   */
  ChannelCopy(int batch, int channels, int pixels, int toChannel, int toChannels) {
    this.batch = batch;
    this.channels = channels;
    this.pixels = pixels;
    this.toChannel = toChannel;
    this.toChannels = toChannels;
  }

  /** Copies narrow images into wide ones, and zeros behind the last channel of the wide. */
  void run(float[] source, float[] target, Workers workers) {
    move(source, target, false, workers);
  }

  /** Copies a part of wide images to narrow ones, whose padding lanes become zero. */
  void back(float[] source, float[] target, Workers workers) {
    move(target, source, true, workers);
  }

  private void move(float[] narrowImages, float[] wideImages, boolean out, Workers workers) {
    narrow = narrowImages;
    wide = wideImages;
    back = out;
    workers.run(this);
    narrow = null;
    wide = null;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    int blocks = Layout.blocks(channels);
    int units = batch * blocks;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      copy(unit / blocks, unit % blocks);
    }
  }

  /** One narrow block: its first lanes end a block of the wide, the others begin the next. */
  private void copy(int image, int block) {
    int first = (image * Layout.blocks(channels) + block) * pixels * BLOCK;
    int lanes = Math.min(BLOCK, channels - block * BLOCK);
    int channel = toChannel + block * BLOCK;
    int head = Math.min(lanes, BLOCK - channel % BLOCK);
    move(first, place(image, channel) + channel % BLOCK, head);
    if (head < lanes) {
      move(first + head, place(image, channel + head), lanes - head);
    }
    if (back) {
      clear(narrow, first, lanes);
    } else if (channel + lanes == toChannels && toChannels % BLOCK != 0) {
      clear(wide, place(image, toChannels - 1), toChannels % BLOCK);
    }
  }

  /** Some lanes of every pixel of a block. */
  private void move(int inNarrow, int inWide, int lanes) {
    for (int p = 0; p < pixels * BLOCK; p += BLOCK) {
      if (back) {
        System.arraycopy(wide, inWide + p, narrow, inNarrow + p, lanes);
      } else {
        System.arraycopy(narrow, inNarrow + p, wide, inWide + p, lanes);
      }
    }
  }

  /** Zeros in the lanes of a block from {@code lane} on. */
  private void clear(float[] images, int block, int lane) {
    if (lane < BLOCK) {
      for (int p = 0; p < pixels; p++) {
        int at = block + p * BLOCK;
        Arrays.fill(images, at + lane, at + BLOCK, 0f);
      }
    }
  }

  /** Where the block of a channel of the wide images begins. */
  private int place(int image, int channel) {
    return (image * Layout.blocks(toChannels) + channel / BLOCK) * pixels * BLOCK;
  }
}
