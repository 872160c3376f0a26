package dev.lanewise.models.onnx.operator;

import java.util.Arrays;

/** Recognises operands that hold a number for each channel. */
final class Channels {

  private Channels() {}

  /**
   * Whether an operand has one number for each channel of the other and nothing else.
   *
   * @param small dimensions that broadcast to the others
   * @param image {@code [n, c, spatial...]}
   */
  static boolean isOneEach(int[] small, int... image) {
    int[] wanted = new int[image.length];
    Arrays.fill(wanted, 1);
    wanted[1] = image[1];
    return Arrays.equals(aligned(small, image.length), wanted);
  }

  /**
   * Whether an operand has one number for each channel of each image.
   *
   * @param small dimensions that broadcast to the others
   * @param image {@code [n, c, spatial...]}
   */
  static boolean isOneEachOfEach(int[] small, int... image) {
    if (image.length <= 2) {
      return false;
    }
    int[] wanted = new int[image.length];
    Arrays.fill(wanted, 1);
    wanted[0] = image[0];
    wanted[1] = image[1];
    return Arrays.equals(small, wanted);
  }

  private static int[] aligned(int[] dims, int rank) {
    if (dims.length > rank) {
      return dims;
    }
    int[] all = new int[rank];
    Arrays.fill(all, 1);
    System.arraycopy(dims, 0, all, rank - dims.length, dims.length);
    return all;
  }
}
