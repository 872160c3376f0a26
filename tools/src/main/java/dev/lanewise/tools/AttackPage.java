package dev.lanewise.tools;

import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.insight.Adversary;
import dev.lanewise.nn.insight.Robustness;
import dev.lanewise.nn.metrics.ConfusionMatrix;
import dev.lanewise.nn.report.LinePlot;
import dev.lanewise.nn.report.Machine;
import dev.lanewise.nn.report.Page;
import dev.lanewise.nn.report.Page.Figure;
import dev.lanewise.nn.report.Picture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page that shows what attacks on a model came to. */
final class AttackPage {

  /** Width of a picture on the page. */
  private static final int FIGURE = 88;

  private AttackPage() {}

  static String of(String model, Map<Adversary, Robustness> results, List<String> classes) {
    Map<String, String> facts = new LinkedHashMap<>();
    results.forEach(
        (adversary, result) ->
            facts.put(adversary.toString(), "%,d images".formatted(result.images())));
    facts.put("machine", Machine.processor() + ", " + Machine.lanes() + ", " + Machine.jvm());
    Page page =
        new Page("Attacks on " + model)
            .text(
                "How many test images are still answered right when every pixel may change by"
                    + " epsilon, of its range from 0 to 1. Below the pictures stands what they show"
                    + " and, where the answer was another, what they were taken for.")
            .facts(facts)
            .part(
                "legend", LinePlot.legend(results.keySet().stream().map(Object::toString).toList()))
            .part("plots", plots(results))
            .part("wide", table(results));
    results.forEach((adversary, result) -> samples(page, adversary, result, classes));
    return page.toString();
  }

  private static String plots(Map<Adversary, Robustness> results) {
    LinePlot accuracy = new LinePlot("accuracy, %", "epsilon", false);
    LinePlot loss = new LinePlot("loss", "epsilon", false);
    results.forEach(
        (adversary, result) -> {
          List<Double> x = result.points().stream().map(p -> (double) p.epsilon()).toList();
          accuracy.add(
              adversary.toString(),
              x,
              result.points().stream().map(p -> 100 * p.accuracy()).toList());
          loss.add(
              adversary.toString(),
              x,
              result.points().stream().map(Robustness.Point::loss).toList());
        });
    return accuracy.element() + loss.element();
  }

  private static String table(Map<Adversary, Robustness> results) {
    StringBuilder html = new StringBuilder("<table><tr><th>epsilon</th>");
    results
        .keySet()
        .forEach(adversary -> html.append("<th>%s</th><th>loss</th>".formatted(adversary)));
    html.append("</tr>\n");
    List<Robustness.Point> first = results.values().iterator().next().points();
    for (int i = 0; i < first.size(); i++) {
      html.append("<tr><th>").append(first.get(i).epsilon()).append("</th>");
      for (Robustness result : results.values()) {
        Robustness.Point point = result.points().get(i);
        html.append(
            String.format(
                Locale.ROOT,
                "<td>%s</td><td>%.4f</td>",
                ConfusionMatrix.percent(point.accuracy()),
                point.loss()));
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  /** A line of pictures an epsilon: the same images as they are changed more and more. */
  private static void samples(
      Page page, Adversary adversary, Robustness result, List<String> classes) {
    for (Robustness.Point point : result.points()) {
      List<Figure> figures = new ArrayList<>();
      for (Robustness.Sample sample : result.samples()) {
        if (sample.epsilon() == point.epsilon()) {
          figures.add(new Figure(picture(sample.image()), caption(sample, classes)));
        }
      }
      page.heading("%s, epsilon %s".formatted(adversary, point.epsilon()));
      page.figures(FIGURE, figures);
    }
  }

  private static BufferedImage picture(Tensor image) {
    return Picture.of(image.data(), image.dim(1), image.dim(2), image.dim(3));
  }

  private static String caption(Robustness.Sample sample, List<String> classes) {
    String is = classes.get(sample.label());
    return sample.answer() == sample.label() ? is : is + " > " + classes.get(sample.answer());
  }
}
