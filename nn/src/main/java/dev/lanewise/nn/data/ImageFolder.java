package dev.lanewise.nn.data;

import dev.lanewise.nn.io.ImageFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images in files, one folder a class: {@code root/class/image.png}, ImageNet's layout. Classes and
 * files are in the order of their names.
 *
 * <p>Images are colour, of the size they have in their file: augmentation or {@link Prepared} must
 * bring them to one size. A file is read each time its image is.
 */
public final class ImageFolder implements Dataset {

  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp");

  private final List<String> classes;
  private final List<Path> files;
  private final List<Integer> labels;

  private ImageFolder(List<String> classes, List<Path> files, List<Integer> labels) {
    this.classes = classes;
    this.files = files;
    this.labels = labels;
  }

  /**
   * Lists the images below a folder; none is read yet.
   *
   * @throws IOException if the folder cannot be listed, or a class has no image
   */
  public static ImageFolder load(Path root) throws IOException {
    List<String> classes = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path folder : sorted(root)) {
      if (Files.isDirectory(folder)) {
        List<Path> images = sorted(folder).stream().filter(ImageFolder::isImage).toList();
        if (images.isEmpty()) {
          throw new IOException(folder + ": holds no image (" + String.join(", ", ENDINGS) + ")");
        }
        images.forEach(_ -> labels.add(classes.size()));
        classes.add(folder.getFileName().toString());
        files.addAll(images);
      }
    }
    if (classes.isEmpty()) {
      throw new IOException(root + ": holds no folder; there must be one for each class");
    }
    return new ImageFolder(List.copyOf(classes), List.copyOf(files), List.copyOf(labels));
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  /** The file of an image. */
  public Path file(int index) {
    return files.get(index);
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels.get(index);
  }

  @Override
  public void read(int index, Image image) throws IOException {
    read(files.get(index), image);
  }

  /**
   * Reads the colours of a file of its own.
   *
   * @throws IOException if it cannot be read as an image
   */
  public static void read(Path file, Image image) throws IOException {
    BufferedImage pixels = ImageFile.read(file);
    int height = pixels.getHeight();
    int width = pixels.getWidth();
    int[] row = new int[width];
    float[] data = image.resize(3, height, width);
    int plane = height * width;
    for (int y = 0; y < height; y++) {
      pixels.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        data[at] = (row[x] >> 16 & 0xff) / 255f;
        data[plane + at] = (row[x] >> 8 & 0xff) / 255f;
        data[2 * plane + at] = (row[x] & 0xff) / 255f;
      }
    }
  }

  @Override
  public Normalization normalization() {
    return Normalization.IMAGENET;
  }
}
