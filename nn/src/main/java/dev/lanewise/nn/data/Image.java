package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/**
 * One image on its way to a network: {@code [channels, height, width]} floats, usually from 0 to 1,
 * that are read into it and changed step by step. It keeps its memory from image to image.
 */
public final class Image {

  private int channels;
  private int height;
  private int width;
  private float[] data = new float[0];
  private float[] other = new float[0];

  /** An image of no size yet. */
  public Image() {}

  /**
   * Gives it a size.
   *
   * @return its elements, whatever they hold, at least as many as the size needs
   * @throws IllegalArgumentException if a dimension is below 1
   */
  public float[] resize(int newChannels, int newHeight, int newWidth) {
    channels = Check.positive("channels", newChannels);
    height = Check.positive("height", newHeight);
    width = Check.positive("width", newWidth);
    int length = Check.elements("image", channels, height, width);
    if (data.length < length) {
      data = new float[length];
    }
    return data;
  }

  /**
   * Gives it another height and width and hands out the old elements, for a step that computes each
   * new element from old ones.
   *
   * @return the old elements in their old size; they last until the next call
   */
  float[] replace(int newHeight, int newWidth) {
    float[] old = data;
    data = other;
    other = old;
    resize(channels, newHeight, newWidth);
    return old;
  }

  /** The number of channels. */
  public int channels() {
    return channels;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** The number of elements. */
  public int size() {
    return channels * height * width;
  }

  /** The live elements, row-major; the array may be longer. */
  public float[] data() {
    return data;
  }

  /** The shape as messages show it. */
  public String shape() {
    return Tensor.text(channels, height, width);
  }

  /** A copy of the elements. */
  public float[] values() {
    return Arrays.copyOf(data, size());
  }
}
