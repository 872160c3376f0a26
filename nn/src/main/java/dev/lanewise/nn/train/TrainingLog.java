package dev.lanewise.nn.train;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Image;
import dev.lanewise.nn.metrics.ConfusionMatrix;
import dev.lanewise.nn.metrics.Evaluation;
import dev.lanewise.nn.report.LinePlot;
import dev.lanewise.nn.report.Machine;
import dev.lanewise.nn.report.Page;
import dev.lanewise.nn.report.Page.Figure;
import dev.lanewise.nn.report.Picture;
import dev.lanewise.nn.report.Svg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The log of a training in a folder: {@code log.csv}, a row an epoch, and {@code index.html}, a
 * page that needs no other file, with curves, the confusion matrix and the surest mistakes.
 */
final class TrainingLog {

  /** The confusion matrix of more classes than this would fill a wall. */
  private static final int MOST_CLASSES = 40;

  /** Width of a picture on the page. */
  private static final int FIGURE = 112;

  private final Path folder;

  /** A log in a folder that exists. */
  TrainingLog(Path folder) {
    this.folder = folder;
  }

  /** Writes both files anew. */
  void write(
      String model, TrainOptions options, List<EpochRow> rows, Evaluation result, Dataset test)
      throws IOException {
    text("log.csv", EpochRow.csv(rows));
    EpochRow last = rows.getLast();
    Page page =
        new Page("Training of " + model)
            .text(
                "Epoch %d of %d: %s, test loss %.4f."
                    .formatted(last.epoch(), options.epochs(), result.confusion(), result.loss()))
            .facts(facts(options))
            .heading("Curves")
            .part("legend", LinePlot.legend(List.of("training", "test")))
            .part("plots", curves(rows))
            .heading("Gradients by layer")
            .text(
                "The norm of each weight's gradient in the last step of an epoch, from the input to"
                    + " the output; the darker, the larger. Gradients that grow paler by orders of"
                    + " magnitude towards the input vanish; those that grow darker from epoch to"
                    + " epoch explode.")
            .part("wide", GradientTable.of(rows))
            .heading("Which class was taken for which");
    if (test.classes().size() <= MOST_CLASSES) {
      page.part("wide", confusion(result.confusion()));
    } else {
      page.text("There are %d classes, too many for a table.".formatted(test.classes().size()));
    }
    page.heading("The surest mistakes");
    List<Figure> mistakes = mistakes(result, test);
    if (mistakes.isEmpty()) {
      page.text("There is none.");
    } else {
      page.figures(FIGURE, mistakes);
    }
    text("index.html", page.toString());
  }

  private void text(String name, String text) throws IOException {
    AtomicFile.write(folder.resolve(name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Map<String, String> facts(TrainOptions options) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("batch", String.valueOf(options.batch()));
    facts.put("optimizer", options.optimizer().toString());
    facts.put("schedule", options.schedule().toString());
    facts.put("augmentation", options.augmentation().toString());
    facts.put("loss", options.loss().toString());
    facts.put("average", options.average().map(Object::toString).orElse("none"));
    if (!options.rates().isEmpty()) {
      facts.put("factors on the rate", options.rates().toString());
    }
    if (options.frozenNorms()) {
      facts.put("batch norms", "keep their averages");
    }
    facts.put("seed", String.valueOf(options.seed()));
    facts.put("machine", Machine.processor() + ", " + Machine.lanes() + ", " + Machine.jvm());
    return facts;
  }

  private static String curves(List<EpochRow> rows) {
    List<Double> epochs = values(rows, EpochRow::epoch);
    String test = LinePlot.colour(1);
    return new LinePlot("loss", "epoch", false)
            .add("training", epochs, values(rows, EpochRow::trainLoss))
            .add("test", epochs, values(rows, EpochRow::testLoss))
            .element()
        + new LinePlot("accuracy, %", "epoch", false)
            .add("test", epochs, values(rows, row -> 100 * row.accuracy()), test)
            .element()
        + new LinePlot("learning rate of the last step", "epoch", false)
            .add("rate", epochs, values(rows, EpochRow::rate))
            .element()
        + gradients(rows, epochs);
  }

  /** One curve a weight, from blue at the network's input to orange at its output. */
  private static String gradients(List<EpochRow> rows, List<Double> epochs) {
    LinePlot plot =
        new LinePlot("norms of the weights' gradients, from input (blue) to output", "epoch", true);
    List<String> names =
        rows.getLast().gradients().keySet().stream().filter(n -> n.endsWith("weight")).toList();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      double depth = names.size() == 1 ? 0 : i / (names.size() - 1.0);
      String colour = "hsl(%.0f 80%% 42%%)".formatted(215 - 185 * depth);
      plot.add(name, epochs, values(rows, row -> row.gradients().get(name)), colour);
    }
    return plot.element();
  }

  private static List<Double> values(List<EpochRow> rows, ToDoubleFunction<EpochRow> figure) {
    return rows.stream().map(figure::applyAsDouble).toList();
  }

  /** A table whose cells are the darker, the greater their part of the row. */
  private static String confusion(ConfusionMatrix matrix) {
    List<String> classes = matrix.classes();
    StringBuilder html = new StringBuilder("<table><tr><th>is \\ taken for</th>");
    classes.forEach(name -> html.append("<th>").append(Svg.escape(name)).append("</th>"));
    html.append("</tr>\n");
    for (int actual = 0; actual < classes.size(); actual++) {
      html.append("<tr><th>").append(Svg.escape(classes.get(actual))).append("</th>");
      long all = 0;
      for (int i = 0; i < classes.size(); i++) {
        all += matrix.count(actual, i);
      }
      for (int i = 0; i < classes.size(); i++) {
        long count = matrix.count(actual, i);
        double part = all == 0 ? 0 : Math.sqrt((double) count / all);
        String colour = i == actual ? "0, 114, 178" : "213, 94, 0";
        html.append(
            String.format(
                Locale.ROOT,
                "<td style=\"background: rgba(%s, %.2f)\">%s</td>",
                colour,
                0.8 * part,
                count == 0 ? "" : String.valueOf(count)));
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  private static List<Figure> mistakes(Evaluation result, Dataset test) throws IOException {
    List<Figure> figures = new ArrayList<>();
    Image image = new Image();
    for (Evaluation.Mistake mistake : result.mistakes()) {
      test.read(mistake.index(), image);
      String caption =
          String.format(
              Locale.ROOT,
              "%s, taken for %s (%.0f %%)",
              test.classes().get(mistake.actual()),
              test.classes().get(mistake.predicted()),
              100 * mistake.probability());
      figures.add(
          new Figure(
              Picture.of(image.data(), image.channels(), image.height(), image.width()), caption));
    }
    return figures;
  }
}
