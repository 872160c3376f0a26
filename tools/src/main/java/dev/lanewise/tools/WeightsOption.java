package dev.lanewise.tools;

import dev.lanewise.models.ModelOptions;
import dev.lanewise.models.Models;
import dev.lanewise.models.weights.Weights;
import dev.lanewise.nn.Tensor;
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
      description = {
        "Weights from a safetensors file, a PyTorch checkpoint (.pth) or darknet's .weights",
        "(default: those bundled with the model)."
      })
  private Path file;

  /**
   * A model with its weights, of as many channels and classes as they are for; throws as {@link
   * #load(String, ModelOptions)}.
   */
  Network load(String model) throws IOException {
    if (file == null) {
      return Models.pretrained(model);
    }
    Weights weights = Weights.read(file);
    return weights.moveTo(
        Models.create(model, fitted(model, Models.options(model), weights.named())));
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
   * @throws IOException if the file cannot be read, is damaged, has a value that is not finite, or
   *     is darknet's and of another number of values
   * @throws IllegalArgumentException if the file's tensors are not those of the model, or no
   *     weights are bundled with it
   */
  Network load(String model, ModelOptions options) throws IOException {
    if (file == null) {
      return Models.pretrained(model);
    }
    return Weights.read(file).moveTo(Models.create(model, options));
  }
}
