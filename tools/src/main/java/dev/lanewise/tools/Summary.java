package dev.lanewise.tools;

import com.google.gson.GsonBuilder;
import dev.lanewise.models.CompoundScaling;
import dev.lanewise.models.Models;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.report.Table;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise summary}: what can be said of a network without running it. */
@Command(
    name = "summary",
    description = {
      "Show every layer of a model: output shape, parameters, multiply-adds, memory of the output,"
          + " receptive field, and pixels lost at the borders.",
      "The network is one of the registry or a line of layers: input C H W, conv K C, pool K,"
          + " average K (each with stride S, padding P), global, relu, flatten, dense N."
    },
    footer = {
      "%nExamples:",
      "  lanewise summary lenet5",
      "  lanewise summary --layers 'input 3 128 128, conv 5 32 padding 2, pool 2, conv 3 64'",
      "  lanewise summary --layers '...' --without pool1"
    })
final class Summary implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  /** What is summed up. */
  static final class Subject {
    @ArgGroup(exclusive = false)
    private ModelParameter model;

    @ArgGroup(exclusive = false)
    private Sketched sketched;
  }

  /** A network in a line. */
  static final class Sketched {
    @Option(
        names = "--layers",
        required = true,
        paramLabel = "LIST",
        description = "The network in a line, instead of a model.")
    private String layers;

    @Option(
        names = "--without",
        paramLabel = "LAYER",
        description = "Leave this layer of the list out, such as pool1; may be repeated.")
    private List<String> without = List.of();
  }

  @Option(
      names = "--batch",
      paramLabel = "N",
      converter = Counts.class,
      description = "Images (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int batch;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  private Network sketch(Sketched sketched) {
    try {
      return Sketch.of(sketched.layers, sketched.without);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  @Override
  public Integer call() {
    Network network =
        subject.model == null ? sketch(subject.sketched) : Models.create(subject.model.name());
    Optional<CompoundScaling> scaling = CompoundScaling.of(network.name());
    int[] inputShape = network.batchShape(batch);
    List<LayerInfo> layers = LayerInfo.of(network, inputShape);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("command", "summary");
      report.put("model", network.name());
      report.put("inputShape", inputShape);
      report.put("layers", layers.stream().map(Summary::fields).toList());
      report.put("total", totals(layers));
      scaling.ifPresent(rule -> report.put("scaling", rule));
      out.println(new GsonBuilder().setPrettyPrinting().create().toJson(report));
    } else {
      out.print(table(network.name() + " on " + dims(inputShape), layers));
      scaling.ifPresent(rule -> out.print(System.lineSeparator() + scaling(rule)));
    }
    return 0;
  }

  private static String table(String title, List<LayerInfo> layers) {
    Table table =
        new Table()
            .left("layer", "type", "output")
            .right("parameters", "multiply-adds", "bytes", "receptive field", "lost pixels");
    for (LayerInfo layer : layers) {
      table.row(
          layer.name(),
          layer.type(),
          times(layer.outputShape()),
          layer.parameters(),
          layer.multiplyAdds(),
          layer.activationBytes(),
          times(layer.receptiveField()),
          layer.lostPixels());
    }
    Map<String, Long> totals = totals(layers);
    table.row(
        "total",
        "",
        "",
        totals.get("parameters"),
        totals.get("multiplyAdds"),
        totals.get("activationBytes"),
        "",
        totals.get("lostPixels"));
    return title + System.lineSeparator() + table;
  }

  /** The factors of the published network beside those of the rule. */
  private static String scaling(CompoundScaling rule) {
    Table table = new Table().left("compound scaling").right("rule", "ideal", "published");
    int phi = rule.phi();
    table.row(
        "depth",
        "%s^%d".formatted(CompoundScaling.ALPHA, phi),
        two(rule.idealDepth()),
        rule.depth());
    table.row(
        "width",
        "%s^%d".formatted(CompoundScaling.BETA, phi),
        two(rule.idealWidth()),
        rule.width());
    int base = CompoundScaling.ALL.getFirst().size();
    table.row(
        "image",
        "%d x %s^%d".formatted(base, CompoundScaling.GAMMA, phi),
        Math.round(base * rule.idealSize()),
        rule.size());
    return table.toString();
  }

  private static String two(double factor) {
    return String.format(Locale.ROOT, "%.2f", factor);
  }

  private static Map<String, Object> fields(LayerInfo layer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", layer.name());
    fields.put("type", layer.type());
    fields.put("outputShape", layer.outputShape());
    fields.put("parameters", layer.parameters());
    fields.put("multiplyAdds", layer.multiplyAdds());
    fields.put("activationBytes", layer.activationBytes());
    fields.put("receptiveField", layer.receptiveField());
    fields.put("lostPixels", layer.lostPixels());
    return fields;
  }

  private static Map<String, Long> totals(List<LayerInfo> layers) {
    Map<String, Long> totals = new LinkedHashMap<>();
    totals.put("parameters", sum(layers, LayerInfo::parameters));
    totals.put("multiplyAdds", sum(layers, LayerInfo::multiplyAdds));
    totals.put("activationBytes", sum(layers, LayerInfo::activationBytes));
    totals.put("lostPixels", sum(layers, LayerInfo::lostPixels));
    return totals;
  }

  private static long sum(List<LayerInfo> layers, ToLongFunction<LayerInfo> value) {
    return layers.stream().mapToLong(value).sum();
  }

  private static String dims(int... dims) {
    return times(Arrays.stream(dims).boxed().toList());
  }

  /** Dimensions as tables show them: {@code 1x6x28x28}. */
  private static String times(List<Integer> dims) {
    return dims.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
