package dev.lanewise.models.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A model is well formed but needs what does not exist here. */
public final class UnsupportedModelException extends IOException {

  private static final long serialVersionUID = 1L;

  private final List<String> operators;
  private final List<String> lacking;

  UnsupportedModelException(Path file, Set<String> operators, Set<String> lacking) {
    super("%s needs what does not exist here: %s".formatted(file, String.join(", ", lacking)));
    this.operators = List.copyOf(operators);
    this.lacking = List.copyOf(lacking);
  }

  /** All operators of the model, each once. */
  public List<String> operators() {
    return operators;
  }

  /** What is lacking: operators by name, kinds of inputs. */
  public List<String> lacking() {
    return lacking;
  }
}
