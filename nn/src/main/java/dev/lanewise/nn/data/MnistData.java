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
 * The MNIST handwritten digits, or a set in the same files such as Fashion-MNIST: grey images of 28
 * x 28 pixels in ten classes.
 *
 * <p>A sample is {@code [1, 32, 32]}, as LeNet-5 wants it: the image with two pixels of background
 * on each side, its grey values 0 to 255 brought to mean 0 and deviation 1 by the training set's
 * {@code (grey / 255 - 0.1307) / 0.3081}.
 */
public final class MnistData implements Dataset {

  /** Height and width of an image. */
  public static final int SIDE = 28;

  /** Height and width of a sample. */
  public static final int PADDED = 32;

  private static final int CLASSES = 10;
  private static final int BORDER = (PADDED - SIDE) / 2;
  private static final float MEAN = 0.1307f;
  private static final float DEVIATION = 0.3081f;
  private static final float[] NORMALISED = new float[256];

  static {
    for (int grey = 0; grey < NORMALISED.length; grey++) {
      NORMALISED[grey] = (grey / 255f - MEAN) / DEVIATION;
    }
  }

  /** The two parts of the set and how their files are called. */
  public enum Split {
    /** 60,000 samples to train on. */
    TRAIN("train"),
    /** 10,000 samples to test with. */
    TEST("t10k");

    private final String prefix;

    Split(String prefix) {
      this.prefix = prefix;
    }
  }

  private final byte[] pixels;
  private final byte[] labels;

  private MnistData(byte[] pixels, byte[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /**
   * Reads one part from a folder with the files {@code train-images-idx3-ubyte}, {@code
   * train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte},
   * each as it is or with {@code .gz}.
   *
   * @throws IOException if a file is missing, damaged, or does not hold images of 28 x 28 pixels
   *     and as many labels from 0 to 9
   */
  public static MnistData load(Path folder, Split split) throws IOException {
    Path imageFile = find(folder, split.prefix + "-images-idx3-ubyte");
    Path labelFile = find(folder, split.prefix + "-labels-idx1-ubyte");
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
      if ((label & 0xff) >= CLASSES) {
        throw new IOException(
            "%s: label %d is not one of %d classes".formatted(labelFile, label & 0xff, CLASSES));
      }
    }
    return new MnistData(images.values(), labels.values());
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
   * An image as the network sees it.
   *
   * @param grey 28 x 28 unsigned bytes, row-major; the digit bright on a dark ground
   * @return a tensor of shape {@code [1, 1, 32, 32]}
   * @throws IllegalArgumentException if the array has another length
   */
  public static Tensor input(byte[] grey) {
    Check.that(grey.length == SIDE * SIDE, "an image has 784 bytes, not %d", grey.length);
    float[] sample = new float[PADDED * PADDED];
    normalise(grey, 0, sample, 0);
    return Tensor.of(sample, 1, 1, PADDED, PADDED);
  }

  private static void normalise(byte[] grey, int from, float[] sample, int offset) {
    Arrays.fill(sample, offset, offset + PADDED * PADDED, NORMALISED[0]);
    for (int y = 0; y < SIDE; y++) {
      int in = from + y * SIDE;
      int out = offset + (y + BORDER) * PADDED + BORDER;
      for (int x = 0; x < SIDE; x++) {
        sample[out + x] = NORMALISED[grey[in + x] & 0xff];
      }
    }
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<Integer> sampleShape() {
    return List.of(1, PADDED, PADDED);
  }

  @Override
  public List<String> classes() {
    return IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList();
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
  public void copy(int index, float[] target, int offset) {
    normalise(pixels, index * SIDE * SIDE, target, offset);
  }
}
