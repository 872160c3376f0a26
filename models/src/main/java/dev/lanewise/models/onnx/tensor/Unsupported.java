package dev.lanewise.models.onnx.tensor;

/** Something of ONNX that is well formed but does not exist here: an operator, a type, a mode. */
public final class Unsupported extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * Names what is lacking.
   *
   * @param what such as {@code RoiAlign} or {@code MaxPool of uint8}
   */
  public Unsupported(String what) {
    super(what);
  }

  /** What is lacking. */
  public String what() {
    return getMessage();
  }
}
