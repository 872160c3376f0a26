import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Strides of a pass over tiles that are known, for code of its own: C2 then checks the bounds of an
 * array once a column, not at each element, which takes a fifth off the time of F(4, 3).
 *
 * @param name added to the method's
 * @param literals by parameter, in floats, where {@code n} is a row of so many products
 */
record WinogradPass(String name, Map<String, Literal> literals) {

  private static final List<String> STRIDES =
      List.of("fromStride", "fromStep", "toStride", "toStep");

  /**
   * A stride: 16 floats, or a row of products or of taps of them; a short row is of the products of
   * F(2, 3), beside F(4, 3) along the columns.
   */
  enum Literal {
    BLOCK,
    ROW,
    SHORT_ROW,
    TAPS;

    int floats(CookToom algorithm) {
      return 16
          * switch (this) {
            case BLOCK -> 1;
            case ROW -> algorithm.products();
            case SHORT_ROW -> 4;
            case TAPS -> algorithm.taps();
          };
    }
  }

  static final WinogradPass ANY = new WinogradPass("", Map.of());

  /** From the windows' rows to what lies between the passes. */
  static final WinogradPass INTO =
      new WinogradPass(
          "Into",
          Map.of("fromStride", Literal.BLOCK, "toStride", Literal.BLOCK, "toStep", Literal.ROW));

  /** From there to the products. */
  static final WinogradPass APART =
      new WinogradPass("Apart", Map.of("fromStride", Literal.ROW, "fromStep", Literal.BLOCK));

  /** The same where the rows are short. */
  static final WinogradPass APART_SHORT =
      new WinogradPass(
          "ApartShort", Map.of("fromStride", Literal.SHORT_ROW, "fromStep", Literal.BLOCK));

  /** From the products to what lies between the passes. */
  static final WinogradPass TOGETHER =
      new WinogradPass("Together", Map.of("toStride", Literal.ROW, "toStep", Literal.BLOCK));

  /** The same where the rows are short. */
  static final WinogradPass TOGETHER_SHORT =
      new WinogradPass(
          "TogetherShort", Map.of("toStride", Literal.SHORT_ROW, "toStep", Literal.BLOCK));

  /** From there to rows of outputs. */
  static final WinogradPass OUT_OF =
      new WinogradPass(
          "OutOf",
          Map.of("fromStride", Literal.BLOCK, "fromStep", Literal.ROW, "toStride", Literal.BLOCK));

  /** From rows of products to rows of taps. */
  static final WinogradPass ROWS =
      new WinogradPass(
          "Rows",
          Map.of(
              "fromStride", Literal.BLOCK,
              "fromStep", Literal.ROW,
              "toStride", Literal.BLOCK,
              "toStep", Literal.TAPS));

  /** The strides that are not literals, each after a comma, as parameters or arguments. */
  String parameters(String text) {
    String rest = text;
    for (String stride : literals.keySet()) {
      rest = rest.replaceAll(", (int )?" + stride + "\\b", "");
    }
    return rest;
  }

  /** Whether the strides of a call are these. */
  String condition(CookToom algorithm) {
    return STRIDES.stream()
        .filter(literals::containsKey)
        .map(stride -> stride + " == " + literals.get(stride).floats(algorithm))
        .collect(Collectors.joining(" && "));
  }

  /** Whether there is code of its own for an algorithm: of tiles that are not square, one. */
  boolean suits(CookToom algorithm) {
    return !literals.containsValue(Literal.SHORT_ROW)
        || (algorithm.outputs() == 4 && algorithm.taps() == 3);
  }

  /** A multiple of a stride. */
  String multiple(String stride, int i, CookToom algorithm) {
    Literal literal = literals.get(stride);
    if (literal != null) {
      return "" + i * literal.floats(algorithm);
    }
    return i == 1 ? stride : i + " * " + stride;
  }
}
