package dev.lanewise.nn.optim;

import dev.lanewise.kernels.shape.Check;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the learning rate changes over a training: the factor on it before each step.
 *
 * <p>A schedule remembers nothing: what it gives depends on the moment alone, so that a training
 * goes on after a stop as if there had been none. Its text is what {@link #parse} reads.
 */
public sealed interface Schedule {

  /** What {@link #parse} reads. */
  String FORMS =
      "constant, cosine, step:EPOCHS:FACTOR, one-cycle, one-cycle:LOW:HIGH with a cycle of sgd's"
          + " momentum, plateau:PATIENCE:FACTOR,"
          + " warm-up:EPOCHS:SCHEDULE";

  /**
   * A moment of a training.
   *
   * @param epoch passes over the training set so far, with the fraction of the one at hand
   * @param epochs how many there are to be
   * @param losses on the test set, after each full pass so far
   */
  record Moment(double epoch, int epochs, List<Double> losses) {

    /** The fraction of all steps that are done. */
    double done() {
      return epoch / epochs;
    }
  }

  /** The factor on the learning rate. */
  double factor(Moment moment);

  /** The momentum, if this schedule changes it too. */
  default OptionalDouble momentum(Moment moment) {
    return OptionalDouble.empty();
  }

  /** It stays. */
  record Constant() implements Schedule {
    @Override
    public double factor(Moment moment) {
      return 1;
    }

    @Override
    public String toString() {
      return "constant";
    }
  }

  /** It falls to zero along half a cosine, step by step (Loshchilov and Hutter, 2017). */
  record Cosine() implements Schedule {
    @Override
    public double factor(Moment moment) {
      return cosine(1, 0, moment.done());
    }

    @Override
    public String toString() {
      return "cosine";
    }
  }

  /**
   * It is multiplied by a factor again and again.
   *
   * @param every so many epochs
   * @param by the factor
   */
  record Step(int every, double by) implements Schedule {
    /** Validates the numbers. */
    public Step {
      Check.positive("epochs of a step schedule", every);
      requireFactor(by);
    }

    @Override
    public double factor(Moment moment) {
      return power(by, (int) (moment.epoch() / every));
    }

    @Override
    public String toString() {
      return "step:%d:%s".formatted(every, by);
    }
  }

  /**
   * The momentum's way through one cycle, against that of the learning rate.
   *
   * @param low at the peak of the learning rate
   * @param high at the beginning and the end
   */
  record Momentum(double low, double high) {
    /** Validates the numbers. */
    public Momentum {
      Check.that(
          low > 0 && low <= high && high < 1,
          "a cycle of the momentum must go from above 0 to below 1, not from %s to %s",
          low,
          high);
    }
  }

  /**
   * It rises to its peak and falls to almost nothing, both along half a cosine (Smith and Topin,
   * 2018, in PyTorch's form of two phases).
   *
   * @param peak the fraction of all steps at which the factor is 1
   * @param start the factor of the first step
   * @param end the factor after the last
   * @param cycle what the momentum does meanwhile, if it does not stay
   */
  record OneCycle(double peak, double start, double end, Optional<Momentum> cycle)
      implements Schedule {
    /** Validates the numbers. */
    public OneCycle {
      Check.that(peak > 0 && peak < 1, "the peak must lie between 0 and 1, is %s", peak);
      requireFactor(start);
      requireFactor(end);
    }

    /** PyTorch's numbers: from 1/25 to 1 in three tenths of the time, then to 1/250,000. */
    public OneCycle() {
      this(0.3, 1 / 25.0, 1 / 25e4, Optional.empty());
    }

    /** These numbers with a cycle of the momentum; PyTorch's goes from 0.95 to 0.85 and back. */
    public OneCycle(Momentum cycle) {
      this(0.3, 1 / 25.0, 1 / 25e4, Optional.of(cycle));
    }

    @Override
    public double factor(Moment moment) {
      return through(moment.done(), start, 1, end);
    }

    @Override
    public OptionalDouble momentum(Moment moment) {
      return cycle
          .map(m -> OptionalDouble.of(through(moment.done(), m.high, m.low, m.high)))
          .orElse(OptionalDouble.empty());
    }

    private double through(double done, double first, double middle, double last) {
      return done < peak
          ? cosine(first, middle, done / peak)
          : cosine(middle, last, (done - peak) / (1 - peak));
    }

    @Override
    public String toString() {
      return "one-cycle" + cycle.map(m -> ":" + m.low + ":" + m.high).orElse("");
    }
  }

  /**
   * It is multiplied by a factor each time the loss on the test set has not become smaller, by one
   * part in ten thousand at least, for some epochs in a row.
   *
   * @param patience so many epochs without a better loss are still borne
   * @param by the factor
   */
  record Plateau(int patience, double by) implements Schedule {
    private static final double LESS = 1 - 1e-4;

    /** Validates the numbers. */
    public Plateau {
      Check.notNegative("patience of a plateau schedule", patience);
      requireFactor(by);
    }

    @Override
    public double factor(Moment moment) {
      double best = Double.POSITIVE_INFINITY;
      int worse = 0;
      int falls = 0;
      for (double loss : moment.losses()) {
        if (loss < best * LESS) {
          best = loss;
          worse = 0;
        } else if (++worse > patience) {
          falls++;
          worse = 0;
        }
      }
      return power(by, falls);
    }

    @Override
    public String toString() {
      return "plateau:%d:%s".formatted(patience, by);
    }
  }

  /**
   * It rises from a hundredth along a line before another schedule begins.
   *
   * @param rise so many epochs
   * @param then the schedule of the others
   */
  record WarmUp(int rise, Schedule then) implements Schedule {
    private static final double START = 0.01;

    /** Validates the numbers. */
    public WarmUp {
      Check.positive("epochs of a warm-up", rise);
      Objects.requireNonNull(then, "then");
    }

    @Override
    public double factor(Moment moment) {
      if (moment.epoch() < rise) {
        return START + (1 - START) * moment.epoch() / rise;
      }
      return then.factor(after(moment));
    }

    @Override
    public OptionalDouble momentum(Moment moment) {
      return then.momentum(after(moment));
    }

    /** The moment as the other schedule sees it, its first one until the warm-up is over. */
    private Moment after(Moment moment) {
      List<Double> losses = moment.losses();
      return new Moment(
          Math.max(0, moment.epoch() - rise),
          Math.max(1, moment.epochs() - rise),
          losses.subList(Math.min(rise, losses.size()), losses.size()));
    }

    @Override
    public String toString() {
      return "warm-up:%d:%s".formatted(rise, then);
    }
  }

  /**
   * The schedule that a text names, such as {@code cosine} or {@code warm-up:2:step:30:0.1}.
   *
   * @throws IllegalArgumentException if it names none, listing {@link #FORMS}
   */
  static Schedule parse(String text) {
    String[] words = text.split(":", 3);
    try {
      return switch (words[0]) {
        case "constant" -> alone(words, new Constant());
        case "cosine" -> alone(words, new Cosine());
        case "one-cycle" ->
            words.length == 1
                ? new OneCycle()
                : new OneCycle(
                    new Momentum(Double.parseDouble(words[1]), Double.parseDouble(words[2])));
        case "step" -> new Step(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
        case "plateau" -> new Plateau(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
        case "warm-up" -> new WarmUp(Integer.parseInt(words[1]), parse(words[2]));
        default -> throw new IllegalArgumentException(unknown(text));
      };
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException other) {
      throw new IllegalArgumentException(unknown(text), other);
    }
  }

  private static Schedule alone(String[] words, Schedule schedule) {
    Check.that(words.length == 1, "%s takes no numbers", words[0]);
    return schedule;
  }

  private static String unknown(String text) {
    return "unknown schedule '%s'; the schedules are %s".formatted(text, FORMS);
  }

  private static void requireFactor(double factor) {
    Check.that(factor > 0 && factor <= 1, "a factor must lie between 0 and 1, is %s", factor);
  }

  /** From one value to another along half a cosine. */
  private static double cosine(double from, double to, double done) {
    return to + (from - to) * (1 + StrictMath.cos(Math.PI * Math.min(1, done))) / 2;
  }

  /** A power whose bits are those of repeated multiplication, on every machine. */
  private static double power(double base, int exponent) {
    double power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= base;
    }
    return power;
  }
}
