package dev.lanewise.tools;

import dev.lanewise.models.ModelOptions;
import dev.lanewise.models.Models;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that has a command use weights from a file instead of the bundled ones. */
final class WeightsOption {

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Weights from a safetensors file (default: those bundled with the model).")
  private Path file;

  /**
   * A model with its weights, of as many channels and classes as they are for; throws as {@link
   * #load(String, ModelOptions)}.
   */
  Network load(String model) throws IOException {
    ModelOptions options = Models.options(model);
    return load(model, file == null ? options : fitted(model, options, Safetensors.load(file)));
  }

  /** The options that weights are for, as their first filter and the last matrix tell. */
  private static ModelOptions fitted(
      String model, ModelOptions published, Map<String, Tensor> tensors) {
    ModelOptions options = published;
    boolean first = true;
    for (Map.Entry<String, Tensor> own : Models.create(model).parameters().entrySet()) {
      Tensor tensor = tensors.get(own.getKey());
      if (tensor == null || tensor.rank() != own.getValue().rank()) {
        continue;
      }
      if (tensor.rank() == 4 && first) {
        options = options.channels(tensor.dim(1));
        first = false;
      } else if (tensor.rank() == 2) {
        options = options.classes(tensor.dim(0));
      }
    }
    return options;
  }

  /**
   * A model with its weights.
   *
   * @param options of the model that the weights in a file are for
   * @throws IOException if the file cannot be read, is damaged, or has a value that is not finite
   * @throws IllegalArgumentException if the file's tensors are not those of the model, or no
   *     weights are bundled with it
   */
  Network load(String model, ModelOptions options) throws IOException {
    if (file == null) {
      return Models.pretrained(model);
    }
    Map<String, Tensor> tensors = Safetensors.load(file);
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      for (float value : tensor.getValue().values()) {
        if (!Float.isFinite(value)) {
          throw new IOException(
              "%s: weights must be finite, tensor %s holds %s"
                  .formatted(file, tensor.getKey(), value));
        }
      }
    }
    try {
      return Models.create(model, options).load(tensors);
    } catch (IllegalArgumentException other) {
      throw new IllegalArgumentException(file + ": " + other.getMessage(), other);
    }
  }
}
