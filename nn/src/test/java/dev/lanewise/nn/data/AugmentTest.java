package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.loss.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentTest {

  private static Image image(int channels, int height, int width, float... values) {
    Image image = new Image();
    System.arraycopy(values, 0, image.resize(channels, height, width), 0, values.length);
    return image;
  }

  private static float[] after(Augment step, Image image, long seed) {
    step.apply(image, Draws.of(seed));
    return image.values();
  }

  /** Hands out given whole numbers. */
  private static final class FixedRandom extends Random {
    private static final long serialVersionUID = 1;
    private final int[] numbers;
    private int next;

    FixedRandom(int... numbers) {
      this.numbers = numbers;
    }

    @Override
    public int nextInt(int bound) {
      return numbers[next++];
    }
  }

  @Test
  void flipsMirrorEveryChannel() {
    Flip across = new Flip(1, 0);
    float[] two = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    assertArrayEquals(
        new float[] {3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10}, after(across, image(2, 2, 3, two), 1));
    assertArrayEquals(
        new float[] {4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9},
        after(new Flip(0, 1), image(2, 2, 3, two), 1));
    assertArrayEquals(two, after(new Flip(0, 0), image(2, 2, 3, two), 1));
  }

  @Test
  void shiftsMoveTheWholeImageAndRepeatItsBorder() {
    Image image = image(1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    new Shift(1).apply(image, new FixedRandom(2, 0));
    // Down by one, left by one.
    assertArrayEquals(new float[] {2, 3, 3, 2, 3, 3, 5, 6, 6}, image.values());
    Image small = image(1, 2, 2, 1, 2, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> after(new Shift(2), small, 1));
  }

  @Test
  void cropsBringZerosInFromOutside() {
    Image image = image(1, 2, 3, 1, 2, 3, 4, 5, 6);
    Crop.padded(1).apply(image, new FixedRandom(0, 2));
    assertArrayEquals(new float[] {0, 0, 0, 2, 3, 0}, image.values());
    Image whole = image(1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertArrayEquals(new float[] {5}, after(Crop.centre(1), whole, 1));
    Image far = image(1, 1, 1, 7);
    new Crop(1, 3, false).apply(far, new FixedRandom(6, 6));
    assertArrayEquals(new float[] {0}, far.values());
    Image tooSmall = image(1, 2, 2, 1, 2, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> after(Crop.centre(3), tooSmall, 1));
  }

  @Test
  void scalingKeepsARampARampAndAConstantConstant() {
    float[] ramp = new float[12];
    for (int i = 0; i < 12; i++) {
      ramp[i] = i % 4;
    }
    Image image = image(1, 3, 4, ramp);
    Resample.apply(image, 0, 0, 3, 4, 6, 8);
    assertEquals(6, image.height());
    for (int x = 1; x < 7; x++) {
      assertEquals((x + 0.5f) / 2 - 0.5f, image.values()[16 + x], 1e-5f);
    }
    float[] same = new float[7 * 5];
    Arrays.fill(same, 0.3f);
    Image flat = image(1, 7, 5, same);
    new Resize(3).apply(flat, new Random(1));
    assertEquals(List.of(4, 3), List.of(flat.height(), flat.width()));
    for (float value : flat.values()) {
      assertEquals(0.3f, value, 1e-6f);
    }
    float[] checked = new float[64];
    for (int i = 0; i < 64; i++) {
      checked[i] = (i + i / 8) % 2;
    }
    Image board = image(1, 8, 8, checked);
    new Resize(2).apply(board, new Random(1));
    for (float value : board.values()) {
      assertEquals(0.5f, value, 0.1f);
    }
  }

  @Test
  void aQuarterTurnMovesEachCornerClockwise() {
    Image image = image(1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Random sure =
        new Random() {
          private static final long serialVersionUID = 1;
          private int drawn;

          @Override
          public double nextDouble() {
            return drawn++ == 0 ? 1 : 0.5;
          }
        };
    new Affine(90, 0.2, 0.1).apply(image, sure);
    assertArrayEquals(new float[] {7, 4, 1, 8, 5, 2, 9, 6, 3}, image.values(), 1e-5f);
  }

  @Test
  void translationMovesByAPartOfTheSide() {
    Image image = image(1, 2, 2, 1, 2, 3, 4);
    Random sure =
        new Random() {
          private static final long serialVersionUID = 1;
          private int drawn;

          @Override
          public double nextDouble() {
            return drawn++ < 2 ? 0.5 : 1;
          }
        };
    new Affine(0, 0, 0.5).apply(image, sure);
    assertArrayEquals(new float[] {0, 0, 0, 1}, image.values(), 1e-6f);
  }

  @Test
  void jitterKeepsValuesInRangeAndGreysGrey() {
    float[] grey = {0.1f, 0.9f, 0.1f, 0.9f, 0.1f, 0.9f};
    float[] jittered = after(new ColorJitter(0, 0, 0.9, 0.5), image(3, 1, 2, grey), 4);
    assertArrayEquals(grey, jittered, 2e-3f);
    float[] strong =
        after(new ColorJitter(1, 1, 1, 0.5), image(3, 1, 2, 1, 0, 0.5f, 0.2f, 0, 1), 8);
    for (float value : strong) {
      assertTrue(value >= 0 && value <= 1, () -> "value " + value);
    }
  }

  @Test
  void erasureCoversAPartOfTheArea() {
    for (int seed = 0; seed < 20; seed++) {
      float[] erased = after(Erase.of(1), image(1, 20, 20), seed);
      long touched = IntStream.range(0, 400).filter(i -> erased[i] != 0).count();
      assertTrue(touched >= 5 && touched <= 160, () -> touched + " pixels");
    }
    assertArrayEquals(new float[9], after(Erase.of(0), image(1, 3, 3), 1));
  }

  static Stream<Augment> all() {
    return Stream.of(
        new Flip(0.5, 0.5),
        new Shift(2),
        Crop.padded(2),
        new Affine(30, 0.2, 0.2),
        new ColorJitter(0.4, 0.4, 0.4, 0.1),
        Erase.of(0.5),
        new Resize(5),
        new ResizedCrop(6, 0.2, 1));
  }

  @ParameterizedTest
  @MethodSource("all")
  void sameSeedGivesTheSameImageAndOthersOthers(Augment step) {
    Random random = new Random(2);
    float[] values = new float[3 * 8 * 7];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    float[] first = after(step, image(3, 8, 7, values), 1);
    assertArrayEquals(first, after(step, image(3, 8, 7, values), 1));
    boolean varied =
        IntStream.range(2, 10)
            .anyMatch(seed -> !Arrays.equals(first, after(step, image(3, 8, 7, values), seed)));
    assertEquals(!(step instanceof Resize), varied);
  }

  @Test
  void mixupAddsNeighboursAndTheirLabels() {
    float[] inputs = {1, 1, 2, 2, 4, 4};
    Labels labels = new Mix.Up(0.5).apply(inputs, new int[] {7, 8, 9}, 1, 1, 2, new Random(3));
    float share = labels.share();
    assertTrue(share > 0 && share < 1);
    assertArrayEquals(new int[] {8, 9, 7}, labels.second());
    float[] expected = {
      share + 2 * (1 - share), 2 * share + 4 * (1 - share), 4 * share + 1 - share
    };
    for (int i = 0; i < 3; i++) {
      assertEquals(expected[i], inputs[2 * i], 1e-6f);
      assertEquals(expected[i], inputs[2 * i + 1], 1e-6f);
    }
  }

  @Test
  void cutmixSharesLabelsByArea() {
    for (int seed = 0; seed < 20; seed++) {
      float[] inputs = new float[2 * 100];
      Arrays.fill(inputs, 100, 200, 1);
      Labels labels = new Mix.Cut(1).apply(inputs, new int[] {0, 1}, 1, 10, 10, new Random(seed));
      long ones = IntStream.range(0, 100).filter(i -> inputs[i] == 1).count();
      long zeros = IntStream.range(100, 200).filter(i -> inputs[i] == 0).count();
      assertEquals(ones, zeros);
      assertEquals(1 - ones / 100.0, labels.share(), 1e-6);
    }
  }

  @Test
  void textsNameAugmentations() {
    assertEquals(
        new Augmentation(
            List.of(Crop.padded(4), new Flip(0.5, 0), Erase.of(0.25)), Optional.of(new Mix.Cut(1))),
        Augmentation.parse("crop:4, flip,erase:0.25,cutmix:1"));
    assertEquals(Augmentation.NONE, Augmentation.parse("none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "turn",
        "crop",
        "crop:x",
        "shift:-1",
        "erase:2",
        "mixup:0",
        "mixup:0.2,cutmix:1",
        "flip,"
      })
  void refusesTextsThatNameNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Augmentation.parse(text));
  }

  @Test
  void normalisationNeedsItsFigureForEachChannel() {
    Image image = image(3, 1, 1, 0.5f, 0.5f, 0.5f);
    float[] out = new float[4];
    Normalization.IMAGENET.write(image, out, 1);
    assertEquals((0.5f - 0.456f) / 0.224f, out[2], 1e-6f);
    Image grey = image(1, 1, 1, 0.5f);
    assertThrows(IllegalArgumentException.class, () -> Normalization.IMAGENET.write(grey, out, 0));
    assertThrows(IllegalArgumentException.class, () -> new Normalization(List.of(1f), List.of(0f)));
  }
}
