package dev.lanewise.tools;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.ModelOptions;
import dev.lanewise.models.Models;
import dev.lanewise.nn.data.Cifar;
import dev.lanewise.nn.data.Crop;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.data.ImageFolder;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.data.Prepared;
import dev.lanewise.nn.data.Resize;
import dev.lanewise.nn.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say which images a command works on. */
final class DataOption {

  /** Part of an image's shorter side that is cut out of its middle, as is usual for ImageNet. */
  private static final double MIDDLE = 224 / 256.0;

  /** How a folder holds its images. */
  enum Format {
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

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the data set; MNIST's IDX files may be gzipped.")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      converter = Formats.class,
      description =
          "What the folder holds: mnist, fashion-mnist, cifar10, cifar100, or images in"
              + " train/CLASS and val/CLASS (default: ${DEFAULT-VALUE}).")
  private Format format = Format.MNIST;

  /**
   * One part of the set as a model sees it.
   *
   * @throws IOException if files are missing or damaged
   */
  Dataset load(Split split, String model) throws IOException {
    return switch (format) {
      case MNIST -> MnistData.load(folder, split);
      case FASHION_MNIST -> MnistData.fashion(folder, split);
      case CIFAR10 -> Cifar.load10(folder, split);
      case CIFAR100 -> Cifar.load100(folder, split);
      case IMAGES -> images(split, Models.options(model).height());
    };
  }

  private Dataset images(Split split, int size) throws IOException {
    Path test = folder.resolve(Files.isDirectory(folder.resolve("val")) ? "val" : "test");
    Path part = split == Split.TRAIN ? folder.resolve("train") : test;
    int shorter = (int) Math.round(size / MIDDLE);
    return new Prepared(ImageFolder.load(part), List.of(new Resize(shorter), Crop.centre(size)));
  }

  /**
   * The images for training, which an augmentation that crops brings to the model's size itself.
   *
   * @throws IOException if files are missing or damaged
   */
  Dataset training(String model, boolean cropped) throws IOException {
    Dataset data = load(Split.TRAIN, model);
    return cropped && data instanceof Prepared(Dataset raw, List<?> _) ? raw : data;
  }

  /** A model's options for these images: their classes, channels and size. */
  static ModelOptions options(String model, Dataset data) throws IOException {
    Check.that(data.size() > 0, "the data set holds no image");
    Image image = new Image();
    data.read(0, image);
    return Models.options(model)
        .classes(data.classes().size())
        .channels(image.channels())
        .size(image.height(), image.width());
  }

  /** Reads the name of a format. */
  static final class Formats implements ITypeConverter<Format> {
    @Override
    public Format convert(String name) {
      for (Format format : Format.values()) {
        if (format.toString().equalsIgnoreCase(name)) {
          return format;
        }
      }
      throw new TypeConversionException(
          "unknown format '%s'; the formats are %s".formatted(name, List.of(Format.values())));
    }
  }
}
