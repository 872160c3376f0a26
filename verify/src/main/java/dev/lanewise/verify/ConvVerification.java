package dev.lanewise.verify;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.LayerList.Row;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.convolution.ActivationChecks;
import dev.lanewise.verify.convolution.CompositeChecks;
import dev.lanewise.verify.convolution.CompositeGradientChecks;
import dev.lanewise.verify.convolution.ConvChecks;
import dev.lanewise.verify.convolution.Crew;
import dev.lanewise.verify.convolution.ErrorTable;
import dev.lanewise.verify.convolution.GradientChecks;
import dev.lanewise.verify.convolution.LayoutChecks;
import dev.lanewise.verify.convolution.LocalResponseChecks;
import dev.lanewise.verify.convolution.MixedPoolChecks;
import dev.lanewise.verify.convolution.NormChecks;
import dev.lanewise.verify.convolution.PReluChecks;
import dev.lanewise.verify.convolution.PaddingChecks;
import dev.lanewise.verify.convolution.PoolChecks;
import dev.lanewise.verify.convolution.ProductChecks;
import dev.lanewise.verify.convolution.RandomCheck;
import dev.lanewise.verify.convolution.RefusalChecks;
import dev.lanewise.verify.convolution.SeparableChecks;
import dev.lanewise.verify.convolution.Setting;
import dev.lanewise.verify.convolution.SoftmaxChecks;
import dev.lanewise.verify.convolution.SpectralPoolChecks;
import dev.lanewise.verify.convolution.TransposedChecks;
import dev.lanewise.verify.convolution.UnpoolChecks;
import dev.lanewise.verify.convolution.WindowPoolChecks;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The command {@code verify conv}: convolution by every algorithm against a plain reference in
 * double precision, on listed and random shapes; and unless one algorithm is asked for, what stands
 * beside convolution too.
 */
public final class ConvVerification {

  /**
   * What to run.
   *
   * @param algorithms whose convolutions are checked
   * @param cases number of random shapes
   * @param seed of the random shapes and of all data
   * @param listed whether the listed shapes are checked as well
   * @param shapes further shapes, to repeat a failure
   * @param beside whether gradients, pooling, norms, products, activations, padding, layouts and
   *     composites are checked
   */
  public record Options(
      List<Algorithm> algorithms,
      int cases,
      long seed,
      boolean listed,
      List<ConvShape> shapes,
      boolean beside) {

    /** Validates the options. */
    public Options {
      algorithms = List.copyOf(Objects.requireNonNull(algorithms, "algorithms"));
      Check.notNegative("cases", cases);
      shapes = List.copyOf(Objects.requireNonNull(shapes, "shapes"));
    }

    /** Every algorithm, all listed shapes, 500 random ones, and everything beside. */
    public static Options defaults() {
      return new Options(List.of(Algorithm.values()), 500, 1, true, List.of(), true);
    }

    /** These options for one algorithm and nothing beside convolution. */
    public Options withAlgorithm(Algorithm value) {
      return new Options(List.of(value), cases, seed, listed, shapes, false);
    }

    /** These options with another number of random shapes. */
    public Options withCases(int value) {
      return new Options(algorithms, value, seed, listed, shapes, beside);
    }

    /** These options with another seed. */
    public Options withSeed(long value) {
      return new Options(algorithms, cases, value, listed, shapes, beside);
    }

    /** These options for one shape alone, to repeat a failure. */
    public Options withOnly(ConvShape shape) {
      return new Options(algorithms, 0, seed, false, List.of(shape), beside);
    }

    /** These options without the listed shapes. */
    public Options withoutListed() {
      return new Options(algorithms, cases, seed, false, shapes, beside);
    }
  }

  /** Cases that one thread checks in a row: enough that most kinds of each check are among them. */
  private static final int CHUNK = 24;

  private static final List<Function<Setting, RandomCheck>> BESIDE =
      List.of(
          RefusalChecks::new,
          LayoutChecks::new,
          GradientChecks::new,
          TransposedChecks::new,
          PoolChecks::new,
          ProductChecks::new,
          WindowPoolChecks::new,
          MixedPoolChecks::new,
          UnpoolChecks::new,
          SpectralPoolChecks::new,
          NormChecks::new,
          LocalResponseChecks::new,
          SoftmaxChecks::new,
          PReluChecks::new,
          PaddingChecks::new,
          CompositeChecks::new,
          CompositeGradientChecks::new,
          SeparableChecks::new);

  private ConvVerification() {}

  /**
   * Runs the checks, prints each failure with the shape, seed and algorithm that repeat it and the
   * first element that differs, and ends with {@code N passed, N failed}.
   *
   * @return the tally; its {@link Tally#exitStatus()} is the command's
   */
  public static Tally run(Options options, PrintStream out) {
    Findings findings = new Findings(out);
    try (Crew crew = Crew.of(findings, options.seed())) {
      crew.map(
          "listed shapes",
          listed(options),
          (setting, row) -> {
            new ConvChecks(setting, options.algorithms()).run(row);
            if (options.beside() && !LayerList.rows().contains(row)) {
              new GradientChecks(setting).run(row);
            }
            return row;
          });
      if (options.beside() && options.listed()) {
        new ActivationChecks(findings).run();
      }
      crew.map(
          "random problems",
          chunks(options.cases()),
          (setting, chunk) -> {
            for (Function<Setting, RandomCheck> kind : kinds(options)) {
              RandomCheck check = kind.apply(setting);
              chunk.forEach(check::run);
            }
            return chunk;
          });
      if (options.listed()) {
        ErrorTable table = new ErrorTable(crew, findings, options.seed());
        table.run(options.algorithms(), out);
        table.runFilterGradients(options.algorithms(), out);
      }
    }
    findings.printSummary();
    out.println(findings.tally());
    return findings.tally();
  }

  private static List<Function<Setting, RandomCheck>> kinds(Options options) {
    List<Function<Setting, RandomCheck>> kinds = new ArrayList<>();
    kinds.add(setting -> new ConvChecks(setting, options.algorithms()));
    if (options.beside()) {
      kinds.addAll(BESIDE);
    }
    return kinds;
  }

  /** Numbers of cases that one thread checks in a row. */
  private static List<List<Integer>> chunks(int cases) {
    List<List<Integer>> chunks = new ArrayList<>();
    for (int first = 1; first <= cases; first += CHUNK) {
      chunks.add(IntStream.rangeClosed(first, Math.min(cases, first + CHUNK - 1)).boxed().toList());
    }
    return chunks;
  }

  private static List<Row> listed(Options options) {
    List<Row> rows = new ArrayList<>();
    options.shapes().forEach(shape -> rows.add(new Row("given", shape)));
    if (options.listed()) {
      rows.addAll(LayerList.awkward());
      rows.addAll(LayerList.rows());
    }
    return rows;
  }
}
