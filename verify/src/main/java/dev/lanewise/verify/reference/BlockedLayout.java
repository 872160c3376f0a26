package dev.lanewise.verify.reference;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The layout {@code [n][ceil(c / 16)][spatial...][16]}, whose last channel block is filled up with
 * zeros, to and from row-major {@code [n][c][spatial...]}.
 */
public final class BlockedLayout {

  private static final int BLOCK = 16;

  private final int images;
  private final int channels;
  private final int pixels;
  private final int blocks;

  /** The layout of dimensions {@code [n, c, spatial...]}. */
  public BlockedLayout(int... dims) {
    images = dims[0];
    channels = dims[1];
    pixels = IntStream.of(dims).skip(2).reduce(1, (a, b) -> a * b);
    blocks = Math.ceilDiv(channels, BLOCK);
  }

  /** Floats of the blocked form. */
  public int blockedLength() {
    return images * blocks * pixels * BLOCK;
  }

  /** Floats of the row-major form. */
  public int denseLength() {
    return images * channels * pixels;
  }

  /** Where the row-major element {@code index} lies in the blocked form. */
  public int place(int index) {
    int pixel = index % pixels;
    int channel = index / pixels % channels;
    int image = index / (pixels * channels);
    return ((image * blocks + channel / BLOCK) * pixels + pixel) * BLOCK + channel % BLOCK;
  }

  /** From row-major to blocked. */
  public float[] toBlocked(float[] dense) {
    float[] blocked = new float[blockedLength()];
    for (int i = 0; i < denseLength(); i++) {
      blocked[place(i)] = dense[i];
    }
    return blocked;
  }

  /** From blocked to row-major. */
  public float[] toDense(float[] blocked) {
    float[] dense = new float[denseLength()];
    for (int i = 0; i < dense.length; i++) {
      dense[i] = blocked[place(i)];
    }
    return dense;
  }

  /** The first element that is not a channel and not zero, or -1. */
  public int firstDirtyPadding(float[] blocked) {
    boolean[] used = new boolean[blockedLength()];
    for (int i = 0; i < denseLength(); i++) {
      used[place(i)] = true;
    }
    return IntStream.range(0, used.length)
        .filter(i -> !used[i] && Float.floatToRawIntBits(blocked[i]) != 0)
        .findFirst()
        .orElse(-1);
  }

  /** One image of a blocked batch. */
  public float[] image(float[] blocked, int image) {
    int length = blockedLength() / images;
    return Arrays.copyOfRange(blocked, image * length, (image + 1) * length);
  }
}
