package dev.lanewise.nn.train;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.report.LinePlot;
import dev.lanewise.nn.report.Page;
import dev.lanewise.nn.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The logs of several trainings side by side, such as one that goes on from other weights and one
 * from scratch.
 *
 * @param trainings the epochs of each, by a name of one's choice, in order
 */
public record LogComparison(Map<String, List<EpochRow>> trainings) {

  /** Copies the trainings. */
  public LogComparison {
    trainings = new LinkedHashMap<>(trainings);
    Check.that(!trainings.isEmpty(), "there is no training to compare");
  }

  /**
   * Reads the logs in some folders.
   *
   * @param folders where {@code train --log} wrote its {@code log.csv}, by the training's name
   * @throws IOException if one cannot be read, or holds no epoch
   */
  public static LogComparison read(Map<String, Path> folders) throws IOException {
    Map<String, List<EpochRow>> trainings = new LinkedHashMap<>();
    for (Map.Entry<String, Path> folder : folders.entrySet()) {
      Path file = folder.getValue().resolve("log.csv");
      List<EpochRow> rows = EpochRow.parse(Files.readString(file), file.toString());
      if (rows.isEmpty()) {
        throw new IOException(file + ": holds no epoch yet");
      }
      trainings.put(folder.getKey(), rows);
    }
    return new LogComparison(trainings);
  }

  /** The last and the best figures of each as text. */
  public Table table() {
    Table table =
        new Table()
            .left("training")
            .right("epochs", "train loss", "test loss", "accuracy", "best", "in epoch", "seconds");
    trainings.forEach(
        (name, rows) -> {
          EpochRow last = rows.getLast();
          EpochRow best = best(rows);
          table.row(
              name,
              rows.size(),
              number(last.trainLoss()),
              number(last.testLoss()),
              percent(last.accuracy()),
              percent(best.accuracy()),
              best.epoch(),
              String.format(
                  Locale.ROOT, "%.1f", rows.stream().mapToDouble(EpochRow::seconds).sum()));
        });
    return table;
  }

  private static EpochRow best(List<EpochRow> rows) {
    EpochRow best = rows.getFirst();
    for (EpochRow row : rows) {
      best = row.accuracy() > best.accuracy() ? row : best;
    }
    return best;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
  }

  /** A page with a curve a training in each plot; it needs no other file. */
  public String page() {
    Map<String, String> facts = new LinkedHashMap<>();
    trainings.forEach(
        (name, rows) ->
            facts.put(
                name,
                "accuracy %s after epoch %d, at best %s"
                    .formatted(
                        percent(rows.getLast().accuracy()),
                        rows.getLast().epoch(),
                        percent(best(rows).accuracy()))));
    return new Page("Trainings compared")
        .facts(facts)
        .part("legend", LinePlot.legend(List.copyOf(trainings.keySet())))
        .part(
            "plots",
            plot("accuracy on the test set, %", row -> 100 * row.accuracy())
                + plot("loss on the test set", EpochRow::testLoss)
                + plot("loss in training", EpochRow::trainLoss)
                + plot("learning rate of the last step", EpochRow::rate))
        .toString();
  }

  private String plot(String title, ToDoubleFunction<EpochRow> figure) {
    LinePlot plot = new LinePlot(title, "epoch", false);
    trainings.forEach(
        (name, rows) ->
            plot.add(
                name,
                rows.stream().map(row -> (double) row.epoch()).toList(),
                rows.stream().map(figure::applyAsDouble).toList()));
    return plot.element();
  }
}
