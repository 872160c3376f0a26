package dev.lanewise.tools;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.weights.Weights;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.StateFit;
import dev.lanewise.nn.optim.ParameterGroups;
import dev.lanewise.nn.train.TrainOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that have a training go on from other weights. */
final class TransferOptions {

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "Start from those weights of a file (safetensors, PyTorch's .pth, darknet's .weights)"
              + " whose names and shapes fit, such as all but the head's.")
  private Path weights;

  @Option(
      names = "--leave-out",
      paramLabel = "PATTERN",
      description =
          "Do not take these weights from the file, such as fc.* for a new head; may stand"
              + " several times.")
  private List<String> leftOut = List.of();

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description = "Leave parameters as they are: conv1.*, layer*; may stand several times.")
  private List<String> frozen = List.of();

  @Option(
      names = "--rate",
      paramLabel = "PATTERN=FACTOR",
      description = "Multiply the learning rate of some parameters; may stand several times.")
  private Map<String, Float> rates = Map.of();

  @Option(
      names = "--freeze-norms",
      description = "Have batch norms keep the means and variances they begin with.")
  private boolean frozenNorms;

  /** Puts what was asked for into a training's options. */
  void apply(TrainOptions.Builder options) {
    Map<String, Float> factors = new LinkedHashMap<>(rates);
    frozen.forEach(pattern -> factors.put(pattern, 0f));
    options.rates(factors).frozenNorms(frozenNorms);
  }

  /**
   * Loads what fits of the weights to start from.
   *
   * @return what does not fit; empty if the training starts from none
   * @throws IOException if the file is missing or damaged, or none of its weights fits
   * @throws IllegalArgumentException if a pattern of weights to leave out fits no name in the file
   */
  Optional<StateFit> load(Network network) throws IOException {
    if (weights == null) {
      return Optional.empty();
    }
    Map<String, Tensor> values = new LinkedHashMap<>(Weights.read(weights).of(network));
    for (String pattern : leftOut) {
      boolean fits = values.keySet().removeIf(ParameterGroups.names(pattern).asMatchPredicate());
      Check.that(fits, "--leave-out %s fits no name in %s", pattern, weights);
    }
    StateFit fit = network.loadMatching(values);
    if (fit.matching().isEmpty()) {
      throw new IOException(weights + ": no weight fits " + network.name() + ": " + fit);
    }
    return Optional.of(fit);
  }
}
