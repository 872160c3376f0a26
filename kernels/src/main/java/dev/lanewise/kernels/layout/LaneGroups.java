package dev.lanewise.kernels.layout;

import dev.lanewise.kernels.shape.ConvShape;
import java.util.Optional;

/**
 * Channel groups narrower than a block, of which several share it: the lane of an input block that
 * each lane of an output block sees as a channel of its own group. Depthwise convolution has one
 * input channel a group.
 *
 * @param channels input channels of a group
 * @param multiplier output channels of each input channel: 16 times so many are one input block
 */
public record LaneGroups(int channels, int multiplier) {

  private static final int BLOCK = Layout.BLOCK;

  /** The groups of a shape to which {@link #objection} has none. */
  public static LaneGroups of(ConvShape shape) {
    return new LaneGroups(
        shape.inChannels() / shape.groups(), shape.outChannels() / shape.inChannels());
  }

  /** Why the lanes of a block of output channels do not see one block alike, if they do not. */
  public static Optional<String> objection(ConvShape shape) {
    int in = shape.inChannels() / shape.groups();
    int out = shape.outChannels() / shape.groups();
    if (shape.groups() == 1 || in >= BLOCK) {
      return Optional.of(
          "it is for groups of 1 to 15 input channels, not %d of %d".formatted(shape.groups(), in));
    }
    boolean whole = BLOCK % in == 0 && (BLOCK % out == 0 || out % BLOCK == 0) && in <= out;
    return in == 1 || whole
        ? Optional.empty()
        : Optional.of(
            "groups of %d input and %d output channels do not share lanes evenly"
                .formatted(in, out));
  }

  /** The block of input channels that a block of output channels sees. */
  public int inBlock(int outBlock) {
    return outBlock / multiplier;
  }

  /** The lane of its input block that a lane of an output block sees as a channel of its group. */
  public int source(int outBlock, int channel, int lane) {
    int output = outBlock % multiplier * BLOCK + lane;
    return output / (channels * multiplier) * channels + channel;
  }
}
