package dev.lanewise.verify.golden;

import com.google.gson.JsonObject;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One golden file: what a model gives in use, or how it trains. */
@SuppressWarnings("ArrayRecordComponent") // records of a file, never compared
public sealed interface GoldenFile {

  /** The registry's name of the model. */
  String model();

  /**
   * Reads a golden file.
   *
   * @throws IOException if it cannot be read or lacks a field, naming the file
   */
  static GoldenFile read(Path file) throws IOException {
    JsonObject json = Json.read(file);
    try {
      return json.has("losses") ? training(json) : inference(json, statistics(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The running statistics of a network with batch norms, which stand in a file beside. */
  private static Map<String, Tensor> statistics(Path file) throws IOException {
    String name = file.getFileName().toString();
    Path beside = file.resolveSibling(name.replaceAll("[.]json$", ".bn.safetensors"));
    return Files.exists(beside) ? Safetensors.load(beside) : Map.of();
  }

  /** Checks a model against the file. */
  Verdict check();

  /**
   * A model's evaluation mode.
   *
   * @param salt of the weight formula
   * @param input shape of the input
   * @param parameters number of trained values
   * @param statistics running means and variances, by name
   * @param state every state-dict name with its shape
   * @param layers a summary of each leaf layer's output
   * @param outputShape shape of the output
   * @param output its values, row-major
   * @param float32Error what the reference itself loses in float32, as a fraction of the largest
   *     output
   */
  record Inference(
      String model,
      String salt,
      int[] input,
      long parameters,
      Map<String, Tensor> statistics,
      Map<String, int[]> state,
      Map<String, Summary> layers,
      int[] outputShape,
      double[] output,
      double float32Error)
      implements GoldenFile {

    @Override
    public Verdict check() {
      return new InferenceCheck(this).run();
    }
  }

  /**
   * A parameter's gradient.
   *
   * @param l2 its norm
   * @param first its first four values
   */
  record Gradient(double l2, double... first) {}

  /**
   * A model's first training steps.
   *
   * @param salt of the weight formula
   * @param input shape of the input
   * @param targets right class of each sample
   * @param optimizer name of the optimiser
   * @param rate learning rate
   * @param losses before each step
   * @param gradients of the first step
   * @param state a summary of each parameter and running statistic after the last step
   */
  record Training(
      String model,
      String salt,
      int[] input,
      int[] targets,
      String optimizer,
      double rate,
      double[] losses,
      Map<String, Gradient> gradients,
      Map<String, Summary> state)
      implements GoldenFile {

    @Override
    public Verdict check() {
      return new TrainingCheck(this).run();
    }
  }

  private static Inference inference(JsonObject json, Map<String, Tensor> statistics) {
    JsonObject output = Json.object(json, "output");
    return new Inference(
        Json.text(json, "model"),
        Json.text(json, "salt"),
        Json.ints(json, "input"),
        Json.whole(json, "parameters"),
        statistics,
        Json.entries(json, "state", shape -> Json.ints(shape.getAsJsonArray())),
        Json.entries(json, "layers", layer -> Summary.of(layer.getAsJsonObject())),
        Json.ints(output, "shape"),
        Json.doubles(output, "values"),
        Json.number(json, "float32Error"));
  }

  private static Training training(JsonObject json) {
    return new Training(
        Json.text(json, "model"),
        Json.text(json, "salt"),
        Json.ints(json, "input"),
        Json.ints(json, "targets"),
        Json.text(json, "optimizer"),
        Json.number(json, "lr"),
        Json.doubles(json, "losses"),
        Json.entries(json, "gradients", gradient -> gradient(gradient.getAsJsonObject())),
        Json.entries(json, "afterSteps", state -> Summary.of(state.getAsJsonObject())));
  }

  private static Gradient gradient(JsonObject json) {
    return new Gradient(Json.number(json, "l2"), Json.doubles(json, "first"));
  }
}
