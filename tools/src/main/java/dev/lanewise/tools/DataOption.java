package dev.lanewise.tools;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.ModelOptions;
import dev.lanewise.models.Models;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.data.Prepared;
import dev.lanewise.nn.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which images a command works on. */
final class DataOption {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the data set; MNIST's IDX files may be gzipped.")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      converter = DataFormat.Names.class,
      description =
          "What the folder holds: mnist, fashion-mnist, cifar10, cifar100, or images in"
              + " train/CLASS and val/CLASS (default: ${DEFAULT-VALUE}).")
  private DataFormat format = DataFormat.MNIST;

  /**
   * One part of the set as a model sees it.
   *
   * @throws IOException if files are missing or damaged
   */
  Dataset load(Split split, String model) throws IOException {
    return format.load(folder, split, model);
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
}
