package dev.lanewise.nn.train;

import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * The figures of one epoch, a row of the log.
 *
 * @param epoch which one, from 1
 * @param rate learning rate of its last step
 * @param trainLoss mean loss of its steps
 * @param testLoss mean loss on the test set afterwards
 * @param accuracy fraction of the test set that was answered right
 * @param top5 fraction whose class was among the five best answers
 * @param seconds time of its steps, without the evaluation
 * @param gradients the norm of each parameter's gradient in its last step
 */
public record EpochRow(
    int epoch,
    double rate,
    double trainLoss,
    double testLoss,
    double accuracy,
    double top5,
    double seconds,
    Map<String, Double> gradients) {

  private static final List<String> FIGURES =
      List.of("epoch", "rate", "train_loss", "test_loss", "accuracy", "top5", "seconds");

  private static final String GRADIENT = "gradient:";

  static EpochRow of(
      int epoch,
      double rate,
      double trainLoss,
      Evaluation test,
      double seconds,
      Map<String, Double> gradients) {
    return new EpochRow(
        epoch,
        rate,
        trainLoss,
        test.loss(),
        test.confusion().accuracy(),
        test.top5(),
        seconds,
        gradients);
  }

  /** A table of rows whose gradients have the same names: a line of headers, a line a row. */
  static String csv(List<EpochRow> rows) {
    StringBuilder text = new StringBuilder(String.join(",", FIGURES));
    if (!rows.isEmpty()) {
      rows.getFirst().gradients.keySet().forEach(name -> text.append(",gradient:").append(name));
    }
    text.append('\n');
    rows.forEach(row -> text.append(row.line()).append('\n'));
    return text.toString();
  }

  private String line() {
    DoubleStream figures = DoubleStream.of(rate, trainLoss, testLoss, accuracy, top5, seconds);
    DoubleStream norms = gradients.values().stream().mapToDouble(Double::doubleValue);
    return epoch
        + ","
        + DoubleStream.concat(figures, norms)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(","));
  }

  /**
   * Reads what {@link #csv} wrote.
   *
   * @throws IOException if it is something else
   */
  static List<EpochRow> parse(String csv, String file) throws IOException {
    List<String> lines = csv.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith(String.join(",", FIGURES))) {
      throw new IOException(file + ": holds no log of epochs");
    }
    String[] headers = lines.getFirst().split(",", -1);
    List<EpochRow> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      try {
        rows.add(row(headers, line.split(",", -1)));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException damaged) {
        throw new IOException(file + ": damaged row of its log: " + line, damaged);
      }
    }
    return rows;
  }

  private static EpochRow row(String[] headers, String... cells) {
    Map<String, Double> gradients = new LinkedHashMap<>();
    for (int i = FIGURES.size(); i < headers.length; i++) {
      gradients.put(headers[i].substring(GRADIENT.length()), Double.parseDouble(cells[i]));
    }
    return new EpochRow(
        Integer.parseInt(cells[0]),
        Double.parseDouble(cells[1]),
        Double.parseDouble(cells[2]),
        Double.parseDouble(cells[3]),
        Double.parseDouble(cells[4]),
        Double.parseDouble(cells[5]),
        Double.parseDouble(cells[6]),
        gradients);
  }
}
