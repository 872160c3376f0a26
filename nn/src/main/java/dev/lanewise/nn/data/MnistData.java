package dev.lanewise.nn.data;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.io.IdxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The MNIST handwritten digits, or Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017) in the same
 * files: grey images of 28 x 28 pixels in ten classes.
 *
 * <p>An image is {@code [1, 32, 32]}, as LeNet-5 wants it: with two pixels of background on each
 * side. Digits are normalised by their training set's mean 0.1307 and deviation 0.3081, clothes by
 * 0.2860 and 0.3530.
 */
public final class MnistData implements Dataset {

  /** Height and width of an image in its file. */
  public static final int SIDE = 28;

  /** Height and width of an image with its border. */
  public static final int PADDED = 32;

  private static final int BORDER = (PADDED - SIDE) / 2;

  /** How digits are normalised. */
  public static final Normalization DIGITS = new Normalization(List.of(0.1307f), List.of(0.3081f));

  /** How clothes are normalised. */
  public static final Normalization CLOTHES = new Normalization(List.of(0.2860f), List.of(0.3530f));

  private static final List<String> DIGIT_NAMES =
      IntStream.range(0, 10).mapToObj(String::valueOf).toList();
  private static final List<String> CLOTHES_NAMES =
      List.of(
          "T-shirt/top",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  /** Each grey value as a float: a division a pixel would take longer. */
  private static final float[] LEVELS = new float[256];

  static {
    for (int grey = 0; grey < LEVELS.length; grey++) {
      LEVELS[grey] = grey / 255f;
    }
  }

  private final byte[] pixels;
  private final byte[] labels;
  private final List<String> classes;
  private final Normalization normalization;

  private MnistData(
      byte[] pixels, byte[] labels, List<String> classes, Normalization normalization) {
    this.pixels = pixels;
    this.labels = labels;
    this.classes = classes;
    this.normalization = normalization;
  }

  /**
   * Reads one part of the digits from a folder with the files {@code train-images-idx3-ubyte},
   * {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code
   * t10k-labels-idx1-ubyte}, each as it is or with {@code .gz}.
   *
   * @throws IOException if a file is missing, damaged, or does not hold images of 28 x 28 pixels
   *     and as many labels from 0 to 9
   */
  public static MnistData load(Path folder, Split split) throws IOException {
    return load(folder, split, DIGIT_NAMES, DIGITS);
  }

  /** Reads one part of Fashion-MNIST from files of the same names; throws as {@link #load}. */
  public static MnistData fashion(Path folder, Split split) throws IOException {
    return load(folder, split, CLOTHES_NAMES, CLOTHES);
  }

  /**
   * Digits in memory.
   *
   * @param pixels 28 x 28 unsigned bytes an image, row-major
   * @param labels one from 0 to 9 an image
   * @throws IllegalArgumentException if there are not 784 pixels a label
   */
  public static MnistData digits(byte[] pixels, byte... labels) {
    return of(pixels, labels, DIGIT_NAMES, DIGITS);
  }

  /** Clothes in memory; see {@link #digits}. */
  public static MnistData clothes(byte[] pixels, byte... labels) {
    return of(pixels, labels, CLOTHES_NAMES, CLOTHES);
  }

  private static MnistData of(
      byte[] pixels, byte[] labels, List<String> classes, Normalization normalization) {
    Check.that(
        pixels.length == SIDE * SIDE * labels.length,
        "%d labels need 784 pixels each, there are %d",
        labels.length,
        pixels.length);
    return new MnistData(pixels.clone(), labels.clone(), classes, normalization);
  }

  private static MnistData load(
      Path folder, Split split, List<String> classes, Normalization normalization)
      throws IOException {
    String prefix = split == Split.TRAIN ? "train" : "t10k";
    Path imageFile = find(folder, prefix + "-images-idx3-ubyte");
    Path labelFile = find(folder, prefix + "-labels-idx1-ubyte");
    IdxFile images = IdxFile.read(imageFile);
    IdxFile labels = IdxFile.read(labelFile);
    if (images.dims().size() != 3 || !images.dims().subList(1, 3).equals(List.of(SIDE, SIDE))) {
      throw new IOException(
          "%s: holds dimensions %s, not [n, 28, 28]".formatted(imageFile, images.dims()));
    }
    List<Integer> wanted = images.dims().subList(0, 1);
    if (!labels.dims().equals(wanted)) {
      throw new IOException(
          "%s: holds dimensions %s, but there are %s images"
              .formatted(labelFile, labels.dims(), wanted));
    }
    for (byte label : labels.values()) {
      if ((label & 0xff) >= classes.size()) {
        throw new IOException(
            "%s: label %d is not one of %d classes"
                .formatted(labelFile, label & 0xff, classes.size()));
      }
    }
    return new MnistData(images.values(), labels.values(), classes, normalization);
  }

  private static Path find(Path folder, String name) throws IOException {
    for (Path file : List.of(folder.resolve(name), folder.resolve(name + ".gz"))) {
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new NoSuchFileException(
        folder.resolve(name).toString(), null, "nor is there one with .gz after its name");
  }

  /**
   * A digit as the network sees it.
   *
   * @param grey 28 x 28 unsigned bytes, row-major; the digit bright on a dark ground
   * @return a tensor of shape {@code [1, 1, 32, 32]}
   * @throws IllegalArgumentException if the array has another length
   */
  public static Tensor input(byte[] grey) {
    Check.that(grey.length == SIDE * SIDE, "an image has 784 bytes, not %d", grey.length);
    Image image = new Image();
    read(grey, 0, image);
    float[] sample = new float[PADDED * PADDED];
    DIGITS.write(image, sample, 0);
    return Tensor.of(sample, 1, 1, PADDED, PADDED);
  }

  private static void read(byte[] grey, int from, Image image) {
    float[] data = image.resize(1, PADDED, PADDED);
    Arrays.fill(data, 0, PADDED * PADDED, 0);
    for (int y = 0; y < SIDE; y++) {
      int in = from + y * SIDE;
      int out = (y + BORDER) * PADDED + BORDER;
      for (int x = 0; x < SIDE; x++) {
        data[out + x] = LEVELS[grey[in + x] & 0xff];
      }
    }
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  /** The grey values of an image, 28 x 28 unsigned bytes. */
  public byte[] image(int index) {
    return Arrays.copyOfRange(pixels, index * SIDE * SIDE, (index + 1) * SIDE * SIDE);
  }

  @Override
  public void read(int index, Image image) {
    read(pixels, index * SIDE * SIDE, image);
  }

  @Override
  public Normalization normalization() {
    return normalization;
  }
}
