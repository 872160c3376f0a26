package dev.lanewise.tools;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.Models;
import dev.lanewise.models.Origin;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.nn.report.Table;
import dev.lanewise.nn.session.Session;
import dev.lanewise.verify.check.Glob;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lanewise models}: what the registry knows, and how its networks compare. */
@Command(
    name = "models",
    description = {
      "List the models, in the survey's order: year, input, parameters.",
      "--compare adds what each brought, depth, multiply-adds, memory of all layers' outputs and"
          + " the measured time of one image."
    },
    footer = {
      "%nExamples:",
      "  lanewise models",
      "  lanewise models --compare --only 'resnet*' --threads 1"
    })
final class ModelsCommand implements Callable<Integer> {

  /** A network is run this often at least, and until so much time has gone. */
  private static final int FEWEST_RUNS = 5;

  private static final long NANOSECONDS = 500_000_000;

  @Spec private CommandSpec spec;

  @Mixin private ThreadsOption threads;

  @Option(names = "--compare", description = "Compare the models, and measure them.")
  private boolean compare;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only models whose name matches (default: all).")
  private String only = "*";

  @Override
  public Integer call() {
    List<String> names = Models.names().stream().filter(Glob.matching(only)).toList();
    Check.that(!names.isEmpty(), "no model's name matches '%s'", only);
    PrintWriter out = spec.commandLine().getOut();
    out.print(compare ? comparison(names) : list(names));
    return 0;
  }

  private static Table list(List<String> names) {
    Table table = new Table().left("model").right("year", "input", "parameters");
    for (String name : names) {
      Network network = Models.create(name);
      table.row(name, year(Origin.of(name)), dims(network.inputShape()), network.parameterCount());
    }
    return table;
  }

  private Table comparison(List<String> names) {
    Table table =
        new Table()
            .left("model")
            .right("year")
            .left("idea")
            .right("depth", "parameters", "multiply-adds", "activations, MB", "input", "ms");
    try (Progress progress = Progress.of("models", names.size())) {
      for (String name : names) {
        Network network = Models.create(name);
        int[] shape = network.batchShape(1);
        // What a network computes in use, without the heads that only training has.
        List<LayerInfo> layers = LayerInfo.of(withoutHeads(name), shape);
        Origin origin = Origin.of(name);
        double milliseconds = milliseconds(network);
        table.row(
            name,
            year(origin),
            origin.idea(),
            network.graph(shape).depth(),
            network.parameterCount(),
            sum(layers, LayerInfo::multiplyAdds),
            "%.1f".formatted(1e-6 * sum(layers, LayerInfo::activationBytes)),
            dims(network.inputShape()),
            "%.2f".formatted(milliseconds));
        progress.step(() -> "%s %.2f ms".formatted(name, milliseconds));
      }
    }
    return table;
  }

  private static Network withoutHeads(String name) {
    return Models.create(name, Models.options(name).withoutAuxiliaries());
  }

  /** The best time of one image, on random weights: the values change nothing. */
  private double milliseconds(Network network) {
    network.initialize(1);
    int[] shape = network.batchShape(1);
    try (Session session = Session.compile(network, threads.session().withWarmUp(), shape)) {
      float[] in = new float[Check.elements("input", shape)];
      Arrays.fill(in, 1);
      float[] out = session.run(in);
      long best = Long.MAX_VALUE;
      long end = System.nanoTime() + NANOSECONDS;
      for (int run = 0; run < FEWEST_RUNS || System.nanoTime() < end; run++) {
        long start = System.nanoTime();
        session.run(in, out);
        best = Math.min(best, System.nanoTime() - start);
      }
      return 1e-6 * best;
    }
  }

  private static long sum(List<LayerInfo> layers, ToLongFunction<LayerInfo> value) {
    return layers.stream().mapToLong(value).sum();
  }

  /** A year has no thousands separator. */
  private static String year(Origin origin) {
    return origin.year() == 0 ? "" : String.valueOf(origin.year());
  }

  private static String dims(int... dims) {
    return Arrays.stream(dims).mapToObj(String::valueOf).collect(Collectors.joining("x"));
  }
}
