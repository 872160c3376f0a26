package dev.lanewise.tools;

import com.google.gson.GsonBuilder;
import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Subset;
import dev.lanewise.nn.insight.Adversary;
import dev.lanewise.nn.insight.Fgsm;
import dev.lanewise.nn.insight.ImageClassifier;
import dev.lanewise.nn.insight.Pgd;
import dev.lanewise.nn.insight.Robustness;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.metrics.ConfusionMatrix;
import dev.lanewise.nn.report.Table;
import dev.lanewise.nn.train.StopOnShutdown;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise attack}: how many images a model still answers right as they are changed. */
@Command(
    name = "attack",
    sortOptions = false,
    description = {
      "Change test images a little, so that a model takes them for something else, and count how"
          + " many it still answers right.",
      "Epsilon is the most that a pixel may change, of its range from 0 to 1; 0 leaves the images"
          + " as they are. Ctrl-C ends the attack and shows the figures of the images so far."
    },
    footer = {
      "%nExamples:",
      "  lanewise attack lenet5",
      "  lanewise attack lenet5 --data mnist --method fgsm,pgd --html attack.html",
      "  lanewise attack resnet20 --data fashion --format fashion-mnist \\",
      "      --weights resnet20.safetensors --limit 1000 --epsilons 0,0.01,0.02,0.04"
    })
final class Attack implements Callable<Integer> {

  /** Which images --limit draws. */
  private static final long SEED = 1;

  @Spec private CommandSpec spec;

  @Mixin private ModelParameter model;

  @Mixin private SampleOption data;

  @Mixin private WeightsOption weights;

  /** How images are changed. */
  enum Method {
    /** One step along the sign of the gradient. */
    FGSM,
    /** Several steps, each kept within epsilon. */
    PGD
  }

  @Option(
      names = "--method",
      paramLabel = "NAME",
      split = ",",
      description =
          "fgsm, one step along the sign of the gradient, or pgd, several of them; both may stand,"
              + " joined by a comma (default: fgsm).")
  private List<Method> methods = List.of(Method.FGSM);

  @Option(
      names = "--steps",
      paramLabel = "N",
      converter = Counts.class,
      description = "Steps of pgd (default: ${DEFAULT-VALUE}).")
  private int steps = 10;

  @Option(
      names = "--epsilons",
      paramLabel = "LIST",
      split = ",",
      description = "From 0 to 1 each (default: 0,0.05,0.1,0.15,0.2,0.25,0.3).")
  private List<Float> epsilons = List.of(0f, 0.05f, 0.1f, 0.15f, 0.2f, 0.25f, 0.3f);

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Counts.class,
      description = "Attack so many images only, drawn evenly from the classes.")
  private Integer limit;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with the curves and some of the images.")
  private Path html;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private Path json;

  @Mixin private ThreadsOption threads;

  @Override
  public Integer call() throws IOException {
    requireUsage();
    Network network = weights.load(model.name());
    int[] input = network.inputShape();
    DataFormat format = data.format(input[0], input[1]);
    Dataset test =
        data.load(model.name(), format)
            .orElseThrow(() -> new ParameterException(spec.commandLine(), "--data is missing"));
    Dataset images =
        limit == null || limit >= test.size() ? test : Subset.balanced(test, limit, SEED);
    ImageClassifier classifier =
        new ImageClassifier(network, images.normalization(), threads.workers());
    AtomicBoolean stopped = new AtomicBoolean();
    Map<Adversary, Robustness> results = new LinkedHashMap<>();
    try (StopOnShutdown _ = new StopOnShutdown(() -> stopped.set(true))) {
      for (Method method : methods) {
        Adversary adversary = method == Method.FGSM ? new Fgsm() : Pgd.of(steps);
        if (!stopped.get()) {
          results.put(
              adversary, Robustness.of(classifier, adversary, images, epsilons, stopped::get));
        }
      }
      report(results, images);
    }
    return 0;
  }

  private void requireUsage() {
    for (float epsilon : epsilons) {
      if (!(epsilon >= 0 && epsilon <= 1)) {
        throw new ParameterException(
            spec.commandLine(), "an epsilon must be from 0 to 1, not " + epsilon);
      }
    }
    for (Path file : Stream.of(html, json).filter(file -> file != null).toList()) {
      try {
        AtomicFile.requireWritable(file);
      } catch (IOException refused) {
        throw new ParameterException(spec.commandLine(), refused.getMessage(), refused);
      }
    }
  }

  private void report(Map<Adversary, Robustness> results, Dataset images) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.print(table(results));
    results.forEach(
        (adversary, result) ->
            out.printf(
                "%s: %,d images%s%n",
                adversary, result.images(), result.images() < images.size() ? ", stopped" : ""));
    if (html != null) {
      write(html, AttackPage.of(model.name(), results, images.classes()));
    }
    if (json != null) {
      write(json, new GsonBuilder().setPrettyPrinting().create().toJson(fields(results)));
    }
    out.flush();
  }

  private static Table table(Map<Adversary, Robustness> results) {
    Table table = new Table().right("epsilon");
    results.keySet().forEach(adversary -> table.right(adversary + " accuracy", "loss"));
    List<Robustness.Point> first = results.values().iterator().next().points();
    for (int i = 0; i < first.size(); i++) {
      List<Object> row = new ArrayList<>(List.of(String.valueOf(first.get(i).epsilon())));
      for (Robustness result : results.values()) {
        row.add(ConfusionMatrix.percent(result.points().get(i).accuracy()));
        row.add(String.format(Locale.ROOT, "%.4f", result.points().get(i).loss()));
      }
      table.row(row.toArray());
    }
    return table;
  }

  private Map<String, Object> fields(Map<Adversary, Robustness> results) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("command", "attack");
    report.put("model", model.name());
    List<Map<String, Object>> attacks = new ArrayList<>();
    results.forEach(
        (adversary, result) -> {
          Map<String, Object> attack = new LinkedHashMap<>();
          attack.put("attack", adversary.toString());
          attack.put("images", result.images());
          attack.put("points", result.points());
          attacks.add(attack);
        });
    report.put("attacks", attacks);
    return report;
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
