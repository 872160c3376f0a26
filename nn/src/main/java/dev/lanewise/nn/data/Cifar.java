package dev.lanewise.nn.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-10 or CIFAR-100 (Krizhevsky, 2009) from their binary files: colour images of 32 x 32
 * pixels.
 *
 * <p>A record is a label byte (for CIFAR-100 two: the coarse class and the fine one, which counts
 * here) and 3072 bytes: the red, green and blue planes, row-major.
 */
public final class Cifar implements Dataset {

  /** Height and width of an image. */
  public static final int SIDE = 32;

  /** How images of CIFAR-10 are normalised. */
  public static final Normalization TEN =
      new Normalization(List.of(0.4914f, 0.4822f, 0.4465f), List.of(0.2470f, 0.2435f, 0.2616f));

  /** How images of CIFAR-100 are normalised. */
  public static final Normalization HUNDRED =
      new Normalization(List.of(0.5071f, 0.4865f, 0.4409f), List.of(0.2673f, 0.2564f, 0.2762f));

  private static final int PIXELS = 3 * SIDE * SIDE;

  /** More records than any file of the set has; a larger file is another one. */
  private static final int MOST_RECORDS = 100_000;

  private final byte[] pixels;
  private final byte[] labels;
  private final List<String> classes;
  private final Normalization normalization;

  private Cifar(byte[] pixels, byte[] labels, List<String> classes, Normalization normalization) {
    this.pixels = pixels;
    this.labels = labels;
    this.classes = classes;
    this.normalization = normalization;
  }

  /**
   * Reads one part of CIFAR-10 from a folder with {@code data_batch_1.bin} to {@code
   * data_batch_5.bin}, {@code test_batch.bin} and {@code batches.meta.txt}.
   *
   * @throws IOException if a file is missing or does not hold whole records of known classes
   */
  public static Cifar load10(Path folder, Split split) throws IOException {
    List<String> files =
        split == Split.TEST
            ? List.of("test_batch.bin")
            : List.of(
                "data_batch_1.bin",
                "data_batch_2.bin",
                "data_batch_3.bin",
                "data_batch_4.bin",
                "data_batch_5.bin");
    return load(folder, files, 1, names(folder.resolve("batches.meta.txt"), 10), TEN);
  }

  /**
   * Reads one part of CIFAR-100 from a folder with {@code train.bin}, {@code test.bin} and {@code
   * fine_label_names.txt}; throws as {@link #load10}.
   */
  public static Cifar load100(Path folder, Split split) throws IOException {
    String file = split == Split.TEST ? "test.bin" : "train.bin";
    Path names = folder.resolve("fine_label_names.txt");
    return load(folder, List.of(file), 2, names(names, 100), HUNDRED);
  }

  private static List<String> names(Path file, int wanted) throws IOException {
    List<String> names =
        Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
    if (names.size() != wanted) {
      throw new IOException(
          "%s: holds %d names of classes, not %d".formatted(file, names.size(), wanted));
    }
    return names;
  }

  private static Cifar load(
      Path folder, List<String> files, int labelBytes, List<String> classes, Normalization figures)
      throws IOException {
    int record = labelBytes + PIXELS;
    long total = 0;
    for (String name : files) {
      total += records(folder.resolve(name), record);
    }
    byte[] pixels = new byte[Math.toIntExact(total * PIXELS)];
    byte[] labels = new byte[(int) total];
    int next = 0;
    for (String name : files) {
      Path file = folder.resolve(name);
      int count = records(file, record);
      try (InputStream in = Files.newInputStream(file)) {
        for (int i = 0; i < count; i++, next++) {
          byte[] bytes = in.readNBytes(record);
          if (bytes.length < record) {
            throw new IOException("%s: truncated in record %d".formatted(file, i));
          }
          labels[next] = label(bytes[labelBytes - 1], classes.size(), file, i);
          System.arraycopy(bytes, labelBytes, pixels, next * PIXELS, PIXELS);
        }
      }
    }
    return new Cifar(pixels, labels, classes, figures);
  }

  private static int records(Path file, int record) throws IOException {
    long size = Files.size(file);
    if (size == 0 || size % record != 0 || size / record > MOST_RECORDS) {
      throw new IOException(
          "%s: holds %,d bytes, not 1 to %,d records of %,d"
              .formatted(file, size, MOST_RECORDS, record));
    }
    return (int) (size / record);
  }

  private static byte label(byte label, int classes, Path file, int record) throws IOException {
    if ((label & 0xff) >= classes) {
      throw new IOException(
          "%s: label %d of record %d is not one of %d classes"
              .formatted(file, label & 0xff, record, classes));
    }
    return label;
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

  @Override
  public void read(int index, Image image) {
    float[] data = image.resize(3, SIDE, SIDE);
    for (int i = 0; i < PIXELS; i++) {
      data[i] = (pixels[index * PIXELS + i] & 0xff) / 255f;
    }
  }

  @Override
  public Normalization normalization() {
    return normalization;
  }
}
