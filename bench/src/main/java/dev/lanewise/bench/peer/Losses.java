package dev.lanewise.bench.peer;

import java.util.Arrays;

/**
 * The losses of the first steps of a training, by which libraries are found to train the same
 * network: the later ones depend on the gradients and updates of those before.
 */
public final class Losses {

  private static final int COUNT = 3;

  private final float[] values = new float[COUNT];
  private int steps;

  /** No losses yet. */
  public Losses() {}

  /** Makes all steps but the last. */
  public void warmUp(Peer.Prepared training) {
    while (steps < COUNT - 1) {
      training.run();
    }
  }

  /** Notes the loss of a step. */
  public void add(float loss) {
    if (steps < COUNT) {
      values[steps++] = loss;
    }
  }

  /** Those of the first steps. */
  public float[] first() {
    return Arrays.copyOf(values, steps);
  }
}
