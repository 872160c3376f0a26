package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the images of a training set are varied: steps on each image, in order, and then perhaps a
 * mix of the images of a batch.
 *
 * @param steps what is done to each image before it is normalised
 * @param mix what is done to a batch
 */
public record Augmentation(List<Augment> steps, Optional<Mix> mix) {

  /** Leaves images as they are. */
  public static final Augmentation NONE = new Augmentation(List.of(), Optional.empty());

  /** What {@link #parse} reads. */
  public static final String FORMS =
      "flip, vertical-flip, shift:PIXELS, crop:PADDING, rotate:DEGREES, scale:PART,"
          + " translate:PART, jitter:BRIGHTNESS:CONTRAST:SATURATION:HUE, erase:PROBABILITY,"
          + " resized-crop:SIZE, mixup:ALPHA, cutmix:ALPHA, none";

  /** Copies the steps. */
  public Augmentation {
    steps = List.copyOf(steps);
  }

  /** Some steps on each image. */
  public static Augmentation of(Augment... steps) {
    return new Augmentation(List.of(steps), Optional.empty());
  }

  /**
   * The augmentation that a text names, such as {@code crop:4,flip,erase:0.25,mixup:0.2}.
   *
   * @throws IllegalArgumentException if it names none, listing {@link #FORMS}, or a number is out
   *     of its range
   */
  public static Augmentation parse(String text) {
    List<Augment> steps = new ArrayList<>();
    Optional<Mix> mix = Optional.empty();
    for (String item : text.split(",", -1)) {
      Words words = new Words(item.strip().split(":", -1));
      try {
        switch (words.name()) {
          case "none" -> {}
          case "flip" -> steps.add(new Flip(0.5, 0));
          case "vertical-flip" -> steps.add(new Flip(0, 0.5));
          case "shift" -> steps.add(new Shift(words.whole()));
          case "crop" -> steps.add(Crop.padded(words.whole()));
          case "rotate" -> steps.add(new Affine(words.number(1), 0, 0));
          case "scale" -> steps.add(new Affine(0, words.number(1), 0));
          case "translate" -> steps.add(new Affine(0, 0, words.number(1)));
          case "jitter" ->
              steps.add(
                  new ColorJitter(
                      words.number(1), words.number(2), words.number(3), words.number(4)));
          case "erase" -> steps.add(Erase.of(words.number(1)));
          case "resized-crop" -> steps.add(new ResizedCrop(words.whole(), 0.08, 1));
          case "mixup" -> mix = only(mix, new Mix.Up(words.number(1)));
          case "cutmix" -> mix = only(mix, new Mix.Cut(words.number(1)));
          default -> throw new IllegalArgumentException(unknown(item));
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException other) {
        throw new IllegalArgumentException(unknown(item), other);
      }
    }
    return new Augmentation(steps, mix);
  }

  /** A name and the numbers after it. */
  @SuppressWarnings("ArrayRecordComponent") // read once
  private record Words(String[] words) {
    String name() {
      return words[0];
    }

    double number(int index) {
      return Double.parseDouble(words[index]);
    }

    int whole() {
      return Integer.parseInt(words[1]);
    }
  }

  private static Optional<Mix> only(Optional<Mix> before, Mix mix) {
    Check.that(before.isEmpty(), "a batch is mixed in one way, not by both mixup and cutmix");
    return Optional.of(mix);
  }

  private static String unknown(String item) {
    return "unknown augmentation '%s'; there are %s".formatted(item, FORMS);
  }
}
