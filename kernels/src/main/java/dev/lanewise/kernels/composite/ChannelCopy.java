package dev.lanewise.kernels.composite;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import java.util.Arrays;

/** Copies all channels of NCHW16C images to a range of channels of wider ones, at any lane. */
final class ChannelCopy implements Task {

  private static final int BLOCK = Layout.BLOCK;

  private final int batch;
  private final int channels;
  private final int pixels;
  private final int toChannel;
  private final int toChannels;
  private float[] from;
  private float[] to;

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

  void run(float[] source, float[] target, Workers workers) {
    from = source;
    to = target;
    workers.run(this);
    from = null;
    to = null;
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

  /** One block: its first lanes end a block of the target, the others begin the next. */
  private void copy(int image, int block) {
    int source = (image * Layout.blocks(channels) + block) * pixels * BLOCK;
    int lanes = Math.min(BLOCK, channels - block * BLOCK);
    int channel = toChannel + block * BLOCK;
    int lane = channel % BLOCK;
    int target = place(image, channel) + lane;
    int head = Math.min(lanes, BLOCK - lane);
    for (int p = 0; p < pixels; p++) {
      System.arraycopy(from, source + p * BLOCK, to, target + p * BLOCK, head);
    }
    if (head < lanes) {
      int next = place(image, channel + head);
      for (int p = 0; p < pixels; p++) {
        System.arraycopy(from, source + p * BLOCK + head, to, next + p * BLOCK, lanes - head);
      }
    }
    if (channel + lanes == toChannels && toChannels % BLOCK != 0) {
      int last = place(image, toChannels - 1);
      for (int p = 0; p < pixels; p++) {
        int at = last + p * BLOCK;
        Arrays.fill(to, at + toChannels % BLOCK, at + BLOCK, 0f);
      }
    }
  }

  /** Where the block of a channel of the target begins. */
  private int place(int image, int channel) {
    return (image * Layout.blocks(toChannels) + channel / BLOCK) * pixels * BLOCK;
  }
}
