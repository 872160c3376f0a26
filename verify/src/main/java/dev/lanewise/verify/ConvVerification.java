package dev.lanewise.verify;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.report.Progress;
import dev.lanewise.verify.LayerList.Row;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.convolution.ActivationChecks;
import dev.lanewise.verify.convolution.CompositeChecks;
import dev.lanewise.verify.convolution.ConvChecks;
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
import dev.lanewise.verify.convolution.RandomShapes;
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
      return new Options(algorithms, 0, seed, false, List.of(shape), false);
    }

    /** These options without the listed shapes. */
    public Options withoutListed() {
      return new Options(algorithms, cases, seed, false, shapes, beside);
    }
  }

  private ConvVerification() {}

  /**
   * Runs the checks, prints each failure with the shape, seed and algorithm that repeat it and the
   * first element that differs, and ends with {@code N passed, N failed}.
   *
   * @return the tally; its {@link Tally#exitStatus()} is the command's
   */
  public static Tally run(Options options, PrintStream out) {
    Findings findings = new Findings(out);
    try (Workers one = Workers.of(1);
        Workers two = Workers.of(2)) {
      ConvChecks checks = new ConvChecks(findings, options.seed(), one, two);
      for (Row row : Progress.over("convolution", rows(options))) {
        for (Algorithm algorithm : options.algorithms()) {
          checks.run(row.name(), row.shape(), algorithm);
        }
      }
      if (options.beside()) {
        beside(options, findings, one, two);
      }
      if (options.listed()) {
        ErrorTable table = new ErrorTable(findings, options.seed(), two);
        table.run(options.algorithms(), out);
        table.runFilterGradients(options.algorithms(), out);
      }
    }
    findings.printSummary();
    out.println(findings.tally());
    return findings.tally();
  }

  private static void beside(Options options, Findings findings, Workers one, Workers two) {
    new RefusalChecks(findings, options.seed()).run(options.cases());
    new ActivationChecks(findings).run();
    new LayoutChecks(findings, options.seed()).run(options.cases());
    GradientChecks gradients = new GradientChecks(findings, options.seed(), one, two);
    for (Row row : Progress.over("gradients", small(options))) {
      gradients.run(row.name(), row.shape());
    }
    new TransposedChecks(findings, options.seed(), one, two).run(options.cases());
    new PoolChecks(findings, options.seed(), one, two).run(options.cases());
    new ProductChecks(findings, options.seed(), one, two).run(options.cases());
    Setting setting = new Setting(findings, options.seed(), one, two);
    new WindowPoolChecks(setting).run(options.cases());
    new MixedPoolChecks(setting).run(options.cases());
    new UnpoolChecks(setting).run(options.cases());
    new SpectralPoolChecks(setting).run(options.cases());
    new NormChecks(setting).run(options.cases());
    new LocalResponseChecks(setting).run(options.cases());
    new SoftmaxChecks(setting).run(options.cases());
    new PReluChecks(setting).run(options.cases());
    new PaddingChecks(setting).run(options.cases());
    new CompositeChecks(setting).run(options.cases());
    new SeparableChecks(setting).run(options.cases());
  }

  private static List<Row> rows(Options options) {
    List<Row> rows = small(options);
    if (options.listed()) {
      rows.addAll(LayerList.rows());
    }
    return rows;
  }

  /** All but the layers of networks, for which a whole reference would take minutes. */
  private static List<Row> small(Options options) {
    List<Row> rows = new ArrayList<>();
    options.shapes().forEach(shape -> rows.add(new Row("given", shape)));
    if (options.listed()) {
      rows.addAll(LayerList.awkward());
    }
    RandomShapes random = new RandomShapes(options.seed());
    for (int i = 1; i <= options.cases(); i++) {
      Row drawn = random.convolution();
      rows.add(new Row("random %d, %s".formatted(i, drawn.name()), drawn.shape()));
    }
    return rows;
  }
}
