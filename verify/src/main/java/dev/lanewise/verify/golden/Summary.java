package dev.lanewise.verify.golden;

import com.google.gson.JsonObject;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a golden file keeps of a tensor.
 *
 * @param first the first four values in row-major order
 */
@SuppressWarnings("ArrayRecordComponent") // compared by value in departure()
record Summary(int[] shape, double mean, double rms, double absmax, double... first) {

  static Summary of(JsonObject json) {
    return new Summary(
        Json.ints(json, "shape"),
        Json.number(json, "mean"),
        Json.number(json, "rms"),
        Json.number(json, "absmax"),
        Json.doubles(json, "first"));
  }

  static Summary of(Tensor tensor) {
    float[] values = tensor.values();
    double sum = 0;
    double squares = 0;
    double absmax = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
      absmax = Math.max(absmax, Math.abs(value));
    }
    double[] first = new double[Math.min(4, values.length)];
    Arrays.setAll(first, i -> values[i]);
    double rms = Math.sqrt(squares / values.length);
    return new Summary(tensor.shape(), sum / values.length, rms, absmax, first);
  }

  /** The largest difference of any figure, as a fraction of the golden absmax. */
  double error(Summary ours) {
    double error = Math.max(Math.abs(ours.mean - mean), Math.abs(ours.rms - rms));
    error = Math.max(error, Math.abs(ours.absmax - absmax));
    for (int i = 0; i < first.length; i++) {
      error = Math.max(error, Math.abs(ours.first[i] - first[i]));
    }
    return absmax == 0 ? error : error / absmax;
  }

  /** What is wrong with our tensor, if its error exceeds what is allowed. */
  Optional<String> departure(Summary ours, double allowed) {
    if (!Arrays.equals(shape, ours.shape)) {
      return Optional.of(
          "shape %s, golden %s".formatted(Arrays.toString(ours.shape), Arrays.toString(shape)));
    }
    double error = error(ours);
    if (error <= allowed) {
      return Optional.empty();
    }
    return Optional.of(
        "error %.2e, allowed %.2e; first values %s, golden %s"
            .formatted(error, allowed, Arrays.toString(ours.first), Arrays.toString(first)));
  }
}
