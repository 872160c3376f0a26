package dev.lanewise.verify.onnx.operator;

/** Normalisations. */
final class Normalizations {

  private Normalizations() {}

  static void register(Operators operators) {}
}
