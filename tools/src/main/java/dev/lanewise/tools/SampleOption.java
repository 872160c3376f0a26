package dev.lanewise.tools;

import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which test images a command tries a model on; it can do without them. */
final class SampleOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the data set, whose test part is taken (default: the ten bundled digits).")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      converter = DataFormat.Names.class,
      description =
          "What images the model was trained on: mnist, fashion-mnist, cifar10, cifar100, or images"
              + " in train/CLASS and val/CLASS (default: as the model's input suggests).")
  private DataFormat format;

  /** The format asked for, or the one that an input suggests. */
  DataFormat format(int channels, int size) {
    return format == null ? DataFormat.usual(channels, size) : format;
  }

  /**
   * The test images, if there are any: those of the folder, or the bundled digits.
   *
   * @throws IOException if files are missing or damaged
   */
  Optional<Dataset> load(String model, DataFormat wanted) throws IOException {
    if (folder != null) {
      return Optional.of(wanted.load(folder, Split.TEST, model));
    }
    return wanted == DataFormat.MNIST ? Optional.of(SampleDigits.dataset()) : Optional.empty();
  }
}
