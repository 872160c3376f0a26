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
   * @return the tensor; if its elements {@linkplain Tensor#isStored() are in a file}, one that
   *     looks at them when they are read
   * @throws IOException if a value is infinite or none, naming file, tensor and value
   */
  static Tensor require(Path file, String name, Tensor tensor) throws IOException {
    if (!tensor.isStored()) {
      require(file, name, tensor.data(), tensor.size());
      return tensor;
    }
    Tensor.Reader checked =
        into -> {
          tensor.copyTo(into);
          require(file, name, into, tensor.size());
        };
    return Tensor.stored(checked, tensor.shape());
  }

  private static void require(Path file, String name, float[] values, int count)
      throws IOException {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IOException(
            "%s: weights must be finite, tensor %s holds %s".formatted(file, name, values[i]));
      }
    }
  }
}
