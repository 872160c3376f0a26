package dev.lanewise.nn.report;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/** A page of HTML that needs no other file, put together from its parts in order. */
public final class Page {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>{{title}}</title>
      <style>
      body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: #1c2430;
        background: #fff; max-width: 1120px; margin: 2rem auto; padding: 0 1.5rem; }
      h1 { font-size: 1.6rem; margin: 0 0 .2rem; }
      h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
      p { margin: .3rem 0 .8rem; max-width: 60rem; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .8rem 0; }
      dt { color: #5a6675; }
      dd { margin: 0; }
      svg { display: block; width: 100%; height: auto; fill: #1c2430; }
      svg text { font-family: inherit; }
      svg .quiet { fill: #5a6675; }
      .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(28rem, 1fr)); gap: 1rem; }
      .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .4rem 0; }
      .legend span { display: inline-flex; align-items: center; gap: .4rem; }
      .legend i { width: 14px; height: 14px; border-radius: 3px; display: inline-block; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-size: 13px; }
      th, td { padding: .25rem .6rem; text-align: right; white-space: nowrap;
        border-bottom: 1px solid #e4e8ed; }
      th { color: #5a6675; font-weight: 600; }
      th:first-child { text-align: left; }
      .pictures { display: flex; flex-wrap: wrap; gap: 1rem; }
      figure { margin: 0; font-size: 13px; text-align: center; }
      figure img { width: 100%; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated;
        background: #f1f3f6; }
      </style>
      </head>
      <body>
      <h1>{{title}}</h1>
      """;

  private final StringBuilder body = new StringBuilder();
  private final String title;

  /** An empty page. */
  public Page(String title) {
    this.title = Svg.escape(title);
  }

  /** Begins a part. */
  public Page heading(String text) {
    body.append("<h2>").append(Svg.escape(text)).append("</h2>\n");
    return this;
  }

  /** Appends a paragraph. */
  public Page text(String text) {
    body.append("<p>").append(Svg.escape(text)).append("</p>\n");
    return this;
  }

  /** Appends facts by their names. */
  public Page facts(Map<String, String> facts) {
    body.append("<dl>\n");
    facts.forEach(
        (name, fact) ->
            body.append("<dt>%s</dt><dd>%s</dd>%n".formatted(Svg.escape(name), Svg.escape(fact))));
    body.append("</dl>\n");
    return this;
  }

  /**
   * A picture of a page and what stands below it.
   *
   * @param image the picture; its pixels are shown as squares
   * @param caption a few words
   */
  public record Figure(BufferedImage image, String caption) {}

  /** Appends pictures side by side, each brought to a width and height in pixels of the page. */
  public Page figures(int pixels, List<Figure> figures) {
    StringBuilder html = new StringBuilder();
    for (Figure figure : figures) {
      String caption = Svg.escape(figure.caption);
      html.append(
          "<figure style=\"width: %dpx\"><img src=\"%s\" alt=\"%s\"><figcaption>%s</figcaption></figure>%n"
              .formatted(pixels, Picture.source(figure.image), caption, caption));
    }
    return part("pictures", html.toString());
  }

  /** Appends what is HTML already, inside an element of a class of the page's style. */
  public Page part(String style, String html) {
    body.append("<div class=\"%s\">%n%s</div>%n".formatted(style, html));
    return this;
  }

  /** The whole page. */
  @Override
  public String toString() {
    return HEAD.replace("{{title}}", title) + body + "</body>\n</html>\n";
  }
}
