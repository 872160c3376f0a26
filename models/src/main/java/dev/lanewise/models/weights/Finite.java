package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** Refuses weights with which no network computes anything. */
final class Finite {

  private Finite() {}

  /**
   * Requires numbers.
   *
   * @throws IOException if a value is infinite or none, naming file, tensor and value
   */
  static void require(Path file, String name, Tensor tensor) throws IOException {
    for (float value : tensor.data()) {
      if (!Float.isFinite(value)) {
        throw new IOException(
            "%s: weights must be finite, tensor %s holds %s".formatted(file, name, value));
      }
    }
  }
}
