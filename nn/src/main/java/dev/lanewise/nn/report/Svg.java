package dev.lanewise.nn.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A drawing in plain SVG; coordinates are pixels from its upper left corner. */
public final class Svg {

  private final StringBuilder body = new StringBuilder();

  /** An empty drawing. */
  public Svg() {}

  /** Where a text begins, has its middle or ends. */
  public enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A line, dashed or not. */
  public Svg line(double x1, double y1, double x2, double y2, String colour, boolean dashed) {
    body.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"%s/>%n"
            .formatted(
                at(x1), at(y1), at(x2), at(y2), colour, dashed ? " stroke-dasharray=\"5 4\"" : ""));
    return this;
  }

  /** A line through points, which are pairs of x and y. */
  public Svg curve(List<double[]> points, String colour, String hint) {
    String path =
        points.stream()
            .map(point -> at(point[0]) + "," + at(point[1]))
            .collect(Collectors.joining(" "));
    body.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\">%s</polyline>%n"
            .formatted(path, colour, title(hint)));
    return this;
  }

  /** A filled box with slightly round corners that shows a hint under the pointer. */
  public Svg bar(double x, double y, double width, double height, String colour, String hint) {
    body.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\" fill=\"%s\">%s</rect>%n"
            .formatted(at(x), at(y), at(width), at(height), colour, title(hint)));
    return this;
  }

  /** A dot, filled or hollow, that shows a hint under the pointer. */
  public Svg dot(double x, double y, String colour, boolean filled, String hint) {
    body.append(
        "<circle cx=\"%s\" cy=\"%s\" r=\"5\" fill=\"%s\" stroke=\"%s\" stroke-width=\"2\">%s</circle>%n"
            .formatted(at(x), at(y), filled ? colour : "#fff", colour, title(hint)));
    return this;
  }

  /** A text of 13 pixels, {@code classes} being those of the page's style sheet. */
  public Svg text(double x, double y, Anchor anchor, String classes, String text) {
    body.append(
        "<text x=\"%s\" y=\"%s\" font-size=\"13\" text-anchor=\"%s\" class=\"%s\">%s</text>%n"
            .formatted(
                at(x), at(y), anchor.name().toLowerCase(Locale.ROOT), classes, escape(text)));
    return this;
  }

  /** The drawing as an element of a page. */
  public String element(double width, double height, String label) {
    return "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">%n%s</svg>%n"
        .formatted(at(width), at(height), escape(label), body);
  }

  private static String title(String hint) {
    return "<title>" + escape(hint) + "</title>";
  }

  private static String at(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** The text with what HTML would take for its own written out. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
