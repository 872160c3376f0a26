package dev.lanewise.tools;

import dev.lanewise.models.Models;
import dev.lanewise.tools.DigitReader.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanewise classify}: what images show. */
@Command(
    name = "classify",
    description = {
      "Tell which digit images show. The digit is found, scaled and centred as in MNIST; dark ink"
          + " on bright paper is inverted. The picture shown is what the model sees."
    },
    footer = {"%nExample:", "  lanewise classify lenet5 seven.png photo.jpg"})
final class Classify implements Callable<Integer> {

  private static final String DEFAULT_MODEL = "lenet5";
  private static final int TOP = 3;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "[MODEL] IMAGE...",
      hideParamSyntax = true,
      description = "A model (default: " + DEFAULT_MODEL + "), and PNG or JPEG files of any size.")
  private List<String> arguments;

  @Mixin private WeightsOption weights;

  @Override
  public Integer call() throws IOException {
    String first = arguments.getFirst();
    boolean named = Models.names().contains(first);
    List<String> images = named ? arguments.subList(1, arguments.size()) : arguments;
    if (images.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "an IMAGE is missing");
    }
    if (!named && images.size() > 1 && !Files.exists(Path.of(first))) {
      throw new ParameterException(
          spec.commandLine(),
          "'%s' is neither a file nor a model; the models are: %s"
              .formatted(first, ModelParameter.names()));
    }
    DigitReader reader = new DigitReader(weights.load(named ? first : DEFAULT_MODEL));
    for (String image : images) {
      classify(Path.of(image), reader);
    }
    return 0;
  }

  private void classify(Path file, DigitReader reader) throws IOException {
    byte[] grey = DataFormat.digit(file);
    Reading reading = reader.read(grey);
    String top =
        reading.ranking().stream()
            .limit(TOP)
            .map(i -> i + " " + DigitView.percent(reading.probabilities().get(i)).strip())
            .collect(Collectors.joining(", "));
    PrintWriter out = spec.commandLine().getOut();
    out.println(file + ": " + top);
    new DigitView(Terminal.standard()).lines(grey, reading).forEach(out::println);
  }
}
