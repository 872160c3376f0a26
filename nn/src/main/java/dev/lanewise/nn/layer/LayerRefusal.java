package dev.lanewise.nn.layer;

/** A layer's refusal of its input, with the layer's path from where it was caught. */
final class LayerRefusal extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final String path;

  LayerRefusal(String path, IllegalArgumentException reason) {
    super("layer " + path + ": " + reason.getMessage(), reason);
    this.path = path;
  }

  /** The same refusal as seen from the container around. */
  LayerRefusal within(String container) {
    return new LayerRefusal(container + "." + path, (IllegalArgumentException) getCause());
  }
}
