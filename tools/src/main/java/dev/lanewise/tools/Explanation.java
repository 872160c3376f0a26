package dev.lanewise.tools;

import dev.lanewise.kernels.io.AtomicFile;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.insight.FeatureMaps;
import dev.lanewise.nn.insight.FilterPictures;
import dev.lanewise.nn.insight.GradCam;
import dev.lanewise.nn.insight.HeatMap;
import dev.lanewise.nn.insight.ImageClassifier;
import dev.lanewise.nn.insight.Occlusion;
import dev.lanewise.nn.insight.Saliency;
import dev.lanewise.nn.report.ColourScale;
import dev.lanewise.nn.report.Page;
import dev.lanewise.nn.report.Page.Figure;
import dev.lanewise.nn.report.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pictures of what a model looks at in an image, and the page that shows them together. */
final class Explanation {

  /** Width of a large and of a small picture on the page. */
  private static final int LARGE = 224;

  private static final int SMALL = 104;

  /** How much a map hides of the image below it. */
  private static final float COVER = 0.6f;

  private static final int MOST_MAPS = 64;
  private static final int MOST_CHANNELS = 64;
  private static final int TOP = 3;

  /** Smilkov et al. take 50 copies and a noise of 10 to 20 % of the range of a pixel. */
  private static final int NOISY = 50;

  private static final float NOISE = 0.15f;

  private final ImageClassifier classifier;
  private final Explain.Specimen specimen;
  private final int label;
  private final float[] probabilities;
  private final Path folder;
  private final BufferedImage image;
  private final Page page;

  Explanation(
      ImageClassifier classifier,
      Explain.Specimen specimen,
      int label,
      float[] probabilities,
      Path folder)
      throws IOException {
    this.classifier = classifier;
    this.specimen = specimen;
    this.label = label;
    this.probabilities = probabilities;
    this.folder = folder;
    page = new Page("What " + classifier.network().name() + " looks at");
    Tensor pixels = specimen.pixels();
    image = Picture.of(pixels.data(), pixels.dim(1), pixels.dim(2), pixels.dim(3));
    facts();
    page.figures(LARGE, List.of(figure("image", image, specimen.name())));
  }

  private void facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("image", specimen.name());
    specimen.label().ifPresent(is -> facts.put("it is", specimen.nameOf(is)));
    facts.put("the answer", answer());
    facts.put("explained", "%s, %s".formatted(specimen.nameOf(label), percent(label)));
    page.facts(facts);
  }

  /** The most probable classes. */
  String answer() {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> probabilities[i]).reversed())
        .limit(TOP)
        .map(i -> specimen.nameOf(i) + " (" + percent(i) + ")")
        .collect(Collectors.joining(", "));
  }

  private String percent(int index) {
    return DigitView.percent(probabilities[index]).strip();
  }

  void gradCam(String layer) throws IOException {
    HeatMap map = GradCam.of(classifier, specimen.pixels(), label, layer);
    page.heading("Grad-CAM of layer " + layer)
        .text(
            "Where the layer saw what speaks for %s: the paler, the more."
                .formatted(specimen.nameOf(label)));
    heat("grad-cam", map, ColourScale.HEAT);
  }

  void occlusion() throws IOException {
    Occlusion patch = Occlusion.usual(image.getHeight(), image.getWidth());
    HeatMap map = patch.map(classifier, specimen.pixels(), label);
    page.heading("Occlusion")
        .text(
            "A patch of %d x %d pixels is moved over the image in steps of %d. Orange: covering it"
                    .formatted(patch.size(), patch.size(), patch.stride())
                + " lowers the probability of %s. Blue: it raises it."
                    .formatted(specimen.nameOf(label)));
    heat("occlusion", map, ColourScale.SIGNED);
  }

  void saliency() throws IOException {
    page.heading("Saliency")
        .text(
            "How much the score of %s changes with each pixel, from the gradient at the image and"
                    .formatted(specimen.nameOf(label))
                + " from the mean over %d noisy copies: the paler, the more.".formatted(NOISY));
    heat("saliency", Saliency.of(classifier, specimen.pixels(), label), ColourScale.HEAT);
    HeatMap smooth = Saliency.smooth(classifier, specimen.pixels(), label, NOISY, NOISE, 1);
    heat("saliency-smooth", smooth, ColourScale.HEAT);
  }

  /** Shows a map alone and over the image. */
  private void heat(String name, HeatMap map, ColourScale scale) throws IOException {
    BufferedImage colours = Picture.of(map.scaled(), map.height(), map.width(), scale);
    BufferedImage above = Picture.blend(image, colours, COVER);
    page.figures(
        LARGE,
        List.of(
            figure(name, colours, name), figure(name + "-over-image", above, "over the image")));
  }

  void activations(String layer) throws IOException {
    Tensor maps = FeatureMaps.of(classifier, specimen.pixels(), layer);
    page.heading("Activation maps of layer " + layer)
        .text(
            "%d channels of %d x %d, from black for the least to white for the greatest value of"
                    .formatted(maps.dim(1), maps.dim(2), maps.dim(3))
                + " the layer%s.".formatted(first(maps.dim(1))));
    pictures("activations", FeatureMaps.pictures(maps, MOST_MAPS));
  }

  void filters(String layer) throws IOException {
    Tensor weights = FilterPictures.weights(classifier, layer);
    page.heading("Filters of layer " + layer)
        .text(
            "%d filters of %d channels, %d x %d; grey is zero%s."
                .formatted(
                    weights.dim(0),
                    weights.dim(1),
                    weights.dim(2),
                    weights.dim(3),
                    first(weights.dim(0))));
    pictures("filters", FilterPictures.of(weights, MOST_MAPS, MOST_CHANNELS));
  }

  private static String first(int count) {
    return count > MOST_MAPS ? "; the first %d are shown".formatted(MOST_MAPS) : "";
  }

  /** Shows pictures by their numbers, and writes them into one file. */
  private void pictures(String name, List<BufferedImage> pictures) throws IOException {
    List<Figure> figures = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      figures.add(new Figure(pictures.get(i), String.valueOf(i)));
    }
    page.figures(SMALL, figures);
    int columns = (int) Math.ceil(Math.sqrt(pictures.size()));
    Picture.write(
        Picture.grid(pictures.stream().map(p -> Picture.enlarged(p, SMALL)).toList(), columns),
        folder.resolve(name + ".png"));
  }

  private Figure figure(String name, BufferedImage picture, String caption) throws IOException {
    Picture.write(Picture.enlarged(picture, LARGE), folder.resolve(name + ".png"));
    return new Figure(picture, caption);
  }

  /** Writes the page. */
  void write() throws IOException {
    byte[] html = page.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve("index.html"), out -> out.write(html));
  }
}
