package dev.lanewise.models.onnx;

/** Names of damaged or hostile files, which must not upset a terminal. */
final class Names {

  private static final int LONGEST = 60;

  private Names() {}

  /** A name with nothing but printable characters, cut off where it is long. */
  static String printable(String name) {
    String start = name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "...";
    return start.replaceAll("[^ -~]", "?");
  }
}
