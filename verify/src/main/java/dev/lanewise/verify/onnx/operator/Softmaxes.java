package dev.lanewise.verify.onnx.operator;

/** Softmax, its logarithm and its limit. */
final class Softmaxes {

  private Softmaxes() {}

  static void register(Operators operators) {}
}
