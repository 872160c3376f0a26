package dev.lanewise.tools;

import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.optim.GradientClip;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Schedule;
import dev.lanewise.nn.optim.Sgd;
import dev.lanewise.nn.optim.WeightAverage;
import dev.lanewise.nn.train.TrainOptions;
import picocli.CommandLine.Option;

/** The options that say how a training changes weights. */
final class UpdateOptions {

  private static final String SGD = "sgd";
  private static final float OTHER_RATE = 0.001f;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "sgd, adam, adamw or rmsprop (default: sgd).")
  private String optimizer = SGD;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Learning rate (default: 0.05 for sgd, 0.001 for the others).")
  private Float learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "FACTOR",
      description = "Momentum of sgd (default: 0.9).")
  private Float momentum;

  @Option(names = "--nesterov", description = "Have sgd look ahead along its momentum.")
  private boolean nesterov;

  @Option(
      names = "--weight-decay",
      paramLabel = "FACTOR",
      description = "Penalty on large weights (default: 5.0E-4).")
  private float weightDecay = 5e-4f;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "How the learning rate changes (default: cosine): " + Schedule.FORMS + ".")
  private String schedule;

  @Option(
      names = "--smoothing",
      paramLabel = "PART",
      description = "Spread so much of each label over all classes (default: 0).")
  private float smoothing;

  @Option(
      names = "--clip-norm",
      paramLabel = "NORM",
      description = "Shorten longer gradients to this norm.")
  private Double clipNorm;

  @Option(
      names = "--clip-value",
      paramLabel = "VALUE",
      description = "Bring elements of gradients to at most this.")
  private Float clipValue;

  @Option(
      names = "--average",
      paramLabel = "NAME",
      description =
          "Keep an average of the weights instead of the last: ema:DECAY over steps, or"
              + " swa:FIRST_EPOCH over epochs.")
  private String average;

  /**
   * Puts what was asked for into a training's options.
   *
   * @throws IllegalArgumentException if an option's value is none, or not for the optimiser
   */
  void apply(TrainOptions.Builder options) {
    options
        .optimizer(settings())
        .clip(
            new GradientClip(
                clipNorm == null ? Double.POSITIVE_INFINITY : clipNorm,
                clipValue == null ? Float.POSITIVE_INFINITY : clipValue))
        .loss(CrossEntropy.Settings.PLAIN.smoothing(smoothing));
    if (schedule != null) {
      options.schedule(Schedule.parse(schedule));
    }
    if (average != null) {
      options.average(WeightAverage.Kind.parse(average));
    }
  }

  private Optimizer.Settings settings() {
    boolean sgd = optimizer.equals(SGD);
    float usual = sgd ? TrainOptions.defaults().optimizer().rate() : OTHER_RATE;
    float rate = learningRate == null ? usual : learningRate;
    if (sgd) {
      return new Sgd.Settings(rate, momentum == null ? 0.9f : momentum, nesterov, weightDecay);
    }
    if (nesterov) {
      throw new IllegalArgumentException("--nesterov is for sgd, not for " + optimizer);
    }
    return Optimizer.settings(optimizer, rate, momentum == null ? 0 : momentum, weightDecay);
  }
}
