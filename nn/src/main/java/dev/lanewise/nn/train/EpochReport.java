package dev.lanewise.nn.train;

import dev.lanewise.nn.metrics.Evaluation;
import java.util.Locale;

/**
 * What one epoch came to.
 *
 * @param epoch which one, from 1
 * @param epochs how many there are to be
 * @param trainLoss mean loss of its steps
 * @param seconds time of its steps, without the evaluation
 * @param test result on the test set afterwards
 */
public record EpochReport(
    int epoch, int epochs, double trainLoss, double seconds, Evaluation test) {

  /** One line for the terminal. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d: loss %.4f in %.1f s; test loss %.4f, %s",
        epoch,
        epochs,
        trainLoss,
        seconds,
        test.loss(),
        test.confusion());
  }
}
