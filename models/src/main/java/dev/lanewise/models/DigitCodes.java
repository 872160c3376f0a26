package dev.lanewise.models;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Layer;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Radial basis functions: the score of a class is the negative squared distance of the input from
 * the class's code of 84 signs, {@code [n, 84]} to {@code [n, classes]}.
 *
 * <p>The codes are fixed: drawings of the digits, 7 wide and 12 high, as in LeCun et al., 1998,
 * figure 3; classes beyond the tenth have random ones.
 */
final class DigitCodes implements Layer {

  static final int LENGTH = 84;

  private static final int WIDTH = 7;
  private static final int DIGITS = 10;
  private static final long SEED = 1998;

  private static final String DRAWINGS =
      """
      ....... ....... ....... ....... ....... ....... ....... ....... ....... .......
      ..###.. ...##.. .#####. .#####. #....## ####### ..####. ####### ..###.. .#####.
      .#...#. .####.. #....## #....## #....## ##..... .##.... #....## .##.##. ##...##
      ##...## ...##.. ......# ......# #....## ##..... ##..... .....## ##...## ##...##
      ##...## ...##.. .....## .....#. ##...## ##..... ##..... ....##. ##...## ##...##
      ##...## ...##.. ....##. ..####. .###### #####.. #####.. ....#.. .##.##. .######
      ##...## ...##.. ...##.. .....## .....## ....##. ##...## ...##.. ..###.. .....##
      ##...## ...##.. ..##... ......# .....## .....## ##...## ...#... .##.##. .....##
      .#...#. ...##.. .##.... #....## .....## .....## ##...## ..##... ##...## .....##
      ..###.. .###### ####### .#####. .....## ##..##. .#####. ..##... ##...## ....##.
      ....... ....... ....... ....... ....... .####.. ....... ....... .#####. .####..
      ....... ....... ....... ....... ....... ....... ....... ....... ....... .......
      """;

  private final int classes;
  private final Tensor codes;

  DigitCodes(int classes) {
    this.classes = classes;
    codes = Tensor.of(codes(classes), 1, classes, LENGTH);
  }

  private static float[] codes(int classes) {
    float[] values = new float[classes * LENGTH];
    Random random = new Random(SEED);
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < LENGTH; i++) {
        boolean ink = c < DIGITS ? inked(c, i / WIDTH, i % WIDTH) : random.nextBoolean();
        values[c * LENGTH + i] = ink ? 1 : -1;
      }
    }
    return values;
  }

  private static boolean inked(int digit, int row, int column) {
    int line = DIGITS * (WIDTH + 1);
    return DRAWINGS.charAt(row * line + digit * (WIDTH + 1) + column) == '#';
  }

  @Override
  public Tensor forward(Tensor input, Context context) {
    return operator(input.shape()).apply(List.of(input), context);
  }

  @Override
  public Operator operator(int... inputShape) {
    outputShape(inputShape);
    return new Operator.NegativeSquaredDistance(codes);
  }

  @Override
  public int[] outputShape(int... inputShape) {
    Check.that(
        inputShape.length == 2 && inputShape[1] == LENGTH,
        "codes of %d signs need an input [n, %d], got %s",
        LENGTH,
        LENGTH,
        Tensor.text(inputShape));
    return new int[] {inputShape[0], classes};
  }

  @Override
  public Map<String, Tensor> buffers() {
    return Map.of("codes", codes);
  }

  /** The codes stay. */
  @Override
  public void initialize(Initializer initializer, Random random) {}

  @Override
  public long multiplyAdds(int... inputShape) {
    return (long) inputShape[0] * classes * LENGTH;
  }

  @Override
  public boolean seesAll() {
    return true;
  }
}
