package dev.lanewise.kernels.parallel;

/**
 * Memory that one worker keeps from call to call, or all of them in common, so that a steady state
 * allocates nothing.
 *
 * <p>Its contents are whatever the last user left there.
 */
public final class Scratch {

  private float[] floats = new float[0];

  Scratch() {}

  /** An array of at least {@code length} floats, the same one at each call unless it must grow. */
  public float[] floats(int length) {
    if (floats.length < length) {
      floats = new float[length];
    }
    return floats;
  }

  /** What it takes. */
  long bytes() {
    return (long) Float.BYTES * floats.length;
  }
}
