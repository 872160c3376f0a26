package dev.lanewise.tools;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.insight.FilterPictures;
import dev.lanewise.nn.insight.ImageClassifier;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lanewise explain}: what a trained model looks at in an image. */
@Command(
    name = "explain",
    sortOptions = false,
    description = {
      "Show what a model looks at in an image: where its layers see a class (grad-cam), what is"
          + " lost when a part is covered (occlusion), how much each pixel counts (saliency), the"
          + " activation maps of a layer, and its filters."
    },
    footer = {
      "%nExamples:",
      "  lanewise explain lenet5",
      "  lanewise explain lenet5 seven.png --method grad-cam,occlusion --class 9",
      "  lanewise explain resnet20 12 --data fashion --format fashion-mnist \\",
      "      --weights resnet20.safetensors --layer layer2 --out why"
    })
final class Explain implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelParameter model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "IMAGE",
      description =
          "A PNG or JPEG of any size, or the number of an image of the data set (default: 0).")
  private String image = "0";

  @Mixin private SampleOption data;

  @Mixin private WeightsOption weights;

  /** What is shown. */
  enum Method {
    /** Where a layer sees a class. */
    GRAD_CAM,
    /** What is lost when a part is covered. */
    OCCLUSION,
    /** How much each pixel counts. */
    SALIENCY,
    /** The activation maps of a layer. */
    ACTIVATIONS,
    /** The filters of a layer. */
    FILTERS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--method",
      paramLabel = "NAME",
      split = ",",
      converter = Methods.class,
      description =
          "grad-cam, occlusion, saliency, activations or filters, or several of them, joined by"
              + " commas (default: all).")
  private List<Method> methods = List.of(Method.values());

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description =
          "Full name of the layer to look into, as `lanewise summary` lists it, or of a group of"
              + " them such as layer3 (default: the last that gives maps; for filters, the first"
              + " convolution).")
  private String layer;

  @Option(
      names = "--class",
      paramLabel = "N",
      description = "Number of the class to explain (default: the model's answer).")
  private Integer label;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the pictures and the page index.html (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("explained");

  @Mixin private ThreadsOption threads;

  /**
   * An image, ready to be asked about.
   *
   * @param name what the page calls it
   * @param pixels {@code [1, c, h, w]}, from 0 to 1
   * @param label what it is, where that is known
   * @param classes the names of all classes, where they are known
   */
  record Specimen(
      String name, Tensor pixels, Optional<Integer> label, Optional<List<String>> classes) {

    /** The name of a class, or its number. */
    String nameOf(int index) {
      return classes.map(names -> names.get(index)).orElse("class " + index);
    }
  }

  @Override
  public Integer call() throws IOException {
    requireWritable();
    Network network = weights.load(model.name());
    int[] input = network.inputShape();
    DataFormat format = data.format(input[0], input[1]);
    Specimen specimen = specimen(format, input[1]);
    ImageClassifier classifier =
        new ImageClassifier(network, format.normalization(), threads.workers());
    float[] probabilities = classifier.probabilities(specimen.pixels);
    int best =
        IntStream.range(0, probabilities.length)
            .reduce((a, b) -> probabilities[b] > probabilities[a] ? b : a)
            .orElseThrow();
    if (label != null && (label < 0 || label >= probabilities.length)) {
      throw usage("class %d is not one of %d classes".formatted(label, probabilities.length));
    }
    Explanation explanation =
        new Explanation(classifier, specimen, label == null ? best : label, probabilities, out);
    try {
      explain(explanation, classifier, specimen);
    } catch (IllegalArgumentException refused) {
      throw usage(refused.getMessage());
    }
    explanation.write();
    PrintWriter writer = spec.commandLine().getOut();
    writer.println(specimen.name + ": " + explanation.answer());
    writer.println("the pictures are in " + out.resolve("index.html"));
    return 0;
  }

  private void explain(Explanation explanation, ImageClassifier classifier, Specimen specimen)
      throws IOException {
    EnumSet<Method> wanted = EnumSet.copyOf(methods);
    if (layer != null) {
      classifier.layer(layer);
    }
    boolean maps = wanted.contains(Method.GRAD_CAM) || wanted.contains(Method.ACTIVATIONS);
    String seen = layer != null || !maps ? layer : classifier.lastMap(specimen.pixels);
    List<String> convolutions = FilterPictures.convolutions(classifier);
    // A layer that all methods are to look into need not be a convolution.
    boolean chosen = layer != null && (wanted.size() == 1 || convolutions.contains(layer));
    for (Method method : wanted) {
      switch (method) {
        case GRAD_CAM -> explanation.gradCam(seen);
        case OCCLUSION -> explanation.occlusion();
        case SALIENCY -> explanation.saliency();
        case ACTIVATIONS -> explanation.activations(seen);
        case FILTERS -> explanation.filters(chosen ? layer : convolutions.getFirst());
      }
    }
  }

  private Specimen specimen(DataFormat format, int size) throws IOException {
    Path file = Path.of(image);
    if (Files.exists(file)) {
      Optional<List<String>> classes = data.load(model.name(), format).map(Dataset::classes);
      return new Specimen(
          file.toString(), tensor(format.read(file, size)), Optional.empty(), classes);
    }
    if (!image.matches("\\d{1,9}")) {
      throw usage("there is no file '%s', nor is it the number of an image".formatted(image));
    }
    Dataset images =
        data.load(model.name(), format)
            .orElseThrow(() -> usage("image %s of which --data?".formatted(image)));
    int index = Integer.parseInt(image);
    if (index >= images.size()) {
      throw usage("image %d is not one of %d, from 0".formatted(index, images.size()));
    }
    Image read = new Image();
    images.read(index, read);
    return new Specimen(
        "image " + index,
        tensor(read),
        Optional.of(images.label(index)),
        Optional.of(images.classes()));
  }

  private static Tensor tensor(Image image) {
    return Tensor.of(image.values(), 1, image.channels(), image.height(), image.width());
  }

  /** Makes the folder, before a long time is spent on what goes into it. */
  private void requireWritable() {
    try {
      Files.createDirectories(out);
      AtomicFile.requireWritable(out.resolve("index.html"));
    } catch (IOException refused) {
      throw usage("cannot write to " + out + ": " + refused.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Reads the name of a method. */
  static final class Methods implements ITypeConverter<Method> {
    @Override
    public Method convert(String name) {
      for (Method method : Method.values()) {
        if (method.toString().equalsIgnoreCase(name)) {
          return method;
        }
      }
      throw new TypeConversionException(
          "unknown method '%s'; the methods are %s".formatted(name, List.of(Method.values())));
    }
  }
}
