package dev.lanewise.nn.train;

import dev.lanewise.nn.metrics.Evaluation;
import java.util.Locale;

/**
 * What one epoch came to.
 *
 * @param row its figures
 * @param epochs how many epochs there are to be
 * @param test result on the test set afterwards
 */
public record EpochReport(EpochRow row, int epochs, Evaluation test) {

  /** One line for the terminal. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d: loss %.4f in %.1f s; test loss %.4f, %s",
        row.epoch(),
        epochs,
        row.trainLoss(),
        row.seconds(),
        test.loss(),
        test.confusion());
  }
}
