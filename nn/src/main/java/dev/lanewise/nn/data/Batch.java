package dev.lanewise.nn.data;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.loss.Labels;

/**
 * Some images together, ready for a network.
 *
 * @param input {@code [n, channels, height, width]}, valid until the next batch is taken
 * @param labels what they are
 */
public record Batch(Tensor input, Labels labels) {

  /** The number of images. */
  public int size() {
    return labels.rows();
  }
}
