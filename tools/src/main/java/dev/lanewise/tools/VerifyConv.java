package dev.lanewise.tools;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.ConvVerification;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code lanewise verify conv}: convolution against a plain reference. */
@Command(
    name = "conv",
    description = {
      "Check every algorithm on listed and random shapes against a plain reference in double"
          + " precision: equal on small integers, within a proven bound on real numbers."
    },
    footer = {
      "%nExamples:",
      "  lanewise verify conv",
      "  lanewise verify conv --algorithm im2col --cases 2000 --seed 7",
      "  lanewise verify conv --shape g2ic96ih27oc256oh27kh5ph2"
    })
final class VerifyConv implements Callable<Integer> {

  private static final ConvVerification.Options DEFAULTS = ConvVerification.Options.defaults();

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      converter = Known.class,
      completionCandidates = Names.class,
      description = "Only this algorithm: ${COMPLETION-CANDIDATES}.")
  private Algorithm algorithm;

  @Option(
      names = "--cases",
      paramLabel = "N",
      converter = Counts.class,
      description = "Random shapes (default: ${DEFAULT-VALUE}).")
  private int cases = DEFAULTS.cases();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of shapes and data (default: ${DEFAULT-VALUE}).")
  private long seed = DEFAULTS.seed();

  @Option(
      names = "--shape",
      paramLabel = "TEXT",
      converter = Shapes.class,
      description = "Only this shape, as failures print it.")
  private ConvShape shape;

  @Override
  public Integer call() {
    ConvVerification.Options options = DEFAULTS.withCases(cases).withSeed(seed);
    options = algorithm == null ? options : options.withAlgorithm(algorithm);
    options = shape == null ? options : options.withOnly(shape);
    return ConvVerification.run(options, System.out).exitStatus();
  }

  /** The names of the algorithms. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Algorithm.values()).map(Algorithm::label).iterator();
    }
  }

  /** Reads the name of an algorithm. */
  static final class Known implements ITypeConverter<Algorithm> {
    @Override
    public Algorithm convert(String name) {
      try {
        return Algorithm.of(name);
      } catch (IllegalArgumentException unknown) {
        throw new TypeConversionException(unknown.getMessage());
      }
    }
  }

  /** Reads a shape in the text of benchdnn. */
  static final class Shapes implements ITypeConverter<ConvShape> {
    @Override
    public ConvShape convert(String text) {
      try {
        return ConvShape.parse(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    }
  }
}
