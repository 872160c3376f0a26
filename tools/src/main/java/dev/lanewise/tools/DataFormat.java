package dev.lanewise.tools;

import dev.lanewise.models.Models;
import dev.lanewise.nn.data.Augment;
import dev.lanewise.nn.data.Cifar;
import dev.lanewise.nn.data.Crop;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.data.ImageFolder;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.data.Normalization;
import dev.lanewise.nn.data.Prepared;
import dev.lanewise.nn.data.Resize;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.io.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a folder holds its images, and how they come to a network. */
enum DataFormat {
  /** The four IDX files of MNIST. */
  MNIST,
  /** The same files with Fashion-MNIST in them. */
  FASHION_MNIST,
  /** The binary files of CIFAR-10. */
  CIFAR10,
  /** The binary files of CIFAR-100. */
  CIFAR100,
  /** Image files in train/CLASS and val/CLASS. */
  IMAGES;

  /** Part of an image's shorter side that is cut out of its middle, as is usual for ImageNet. */
  private static final double MIDDLE = 224 / 256.0;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * One part of a set as a model sees it.
   *
   * @throws IOException if files are missing or damaged
   */
  Dataset load(Path folder, Split split, String model) throws IOException {
    return switch (this) {
      case MNIST -> grey(MnistData.load(folder, split), model);
      case FASHION_MNIST -> grey(MnistData.fashion(folder, split), model);
      case CIFAR10 -> Cifar.load10(folder, split);
      case CIFAR100 -> Cifar.load100(folder, split);
      case IMAGES -> {
        Path test = folder.resolve(Files.isDirectory(folder.resolve("val")) ? "val" : "test");
        Path part = split == Split.TRAIN ? folder.resolve("train") : test;
        int size = Models.options(model).height();
        yield new Prepared(ImageFolder.load(part), middle((int) Math.round(size / MIDDLE), size));
      }
    };
  }

  /**
   * With the border that networks for such images want; to others it would be a third more work.
   */
  private static Dataset grey(MnistData data, String model) {
    return Models.options(model).channels() == 1
        ? data
        : new Prepared(data, List.of(Crop.centre(MnistData.SIDE)));
  }

  private static List<Augment> middle(int shorter, int size) {
    return List.of(new Resize(shorter), Crop.centre(size));
  }

  /** How the pixels of such images are normalised. */
  Normalization normalization() {
    return switch (this) {
      case MNIST -> MnistData.DIGITS;
      case FASHION_MNIST -> MnistData.CLOTHES;
      case CIFAR10 -> Cifar.TEN;
      case CIFAR100 -> Cifar.HUNDRED;
      case IMAGES -> Normalization.IMAGENET;
    };
  }

  /**
   * Reads a file of any size as one of these images: a digit is found, scaled and centred as in
   * MNIST; of other pictures the middle is cut out.
   *
   * @param size height and width of images in colour
   * @throws IOException if the file cannot be read as an image
   * @throws IllegalArgumentException if there is no digit to be seen
   */
  Image read(Path file, int size) throws IOException {
    Image image = new Image();
    switch (this) {
      case MNIST -> MnistData.digits(digit(file), (byte) 0).read(0, image);
      case FASHION_MNIST -> MnistData.clothes(grey(file), (byte) 0).read(0, image);
      case CIFAR10, CIFAR100 -> colours(file, size, size, image);
      case IMAGES -> colours(file, (int) Math.round(size / MIDDLE), size, image);
    }
    return image;
  }

  /** A written digit as MNIST has it; throws as {@link #read}. */
  static byte[] digit(Path file) throws IOException {
    try {
      return Handwriting.normalise(ImageFile.read(file));
    } catch (IllegalArgumentException empty) {
      throw new IllegalArgumentException(file + ": " + empty.getMessage(), empty);
    }
  }

  private static void colours(Path file, int shorter, int size, Image image) throws IOException {
    ImageFolder.read(file, image);
    middle(shorter, size).forEach(step -> step.apply(image, new Random(0)));
  }

  private static byte[] grey(Path file) throws IOException {
    Image image = new Image();
    colours(file, MnistData.SIDE, MnistData.SIDE, image);
    byte[] grey = new byte[MnistData.SIDE * MnistData.SIDE];
    for (int i = 0; i < grey.length; i++) {
      float sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += image.data()[c * grey.length + i];
      }
      grey[i] = (byte) Math.round(255 * sum / 3);
    }
    return grey;
  }

  /** The format that a model's images usually have. */
  static DataFormat usual(int channels, int size) {
    return channels == 1 ? MNIST : size <= 64 ? CIFAR10 : IMAGES;
  }

  /** Reads the name of a format. */
  static final class Names implements ITypeConverter<DataFormat> {
    @Override
    public DataFormat convert(String name) {
      for (DataFormat format : values()) {
        if (format.toString().equalsIgnoreCase(name)) {
          return format;
        }
      }
      throw new TypeConversionException(
          "unknown format '%s'; the formats are %s".formatted(name, List.of(values())));
    }
  }
}
