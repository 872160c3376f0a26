package dev.lanewise.tools;

import dev.lanewise.nn.report.LinePlot;
import dev.lanewise.nn.report.Machine;
import dev.lanewise.nn.report.Page;
import dev.lanewise.nn.report.Roofline;
import dev.lanewise.nn.report.Roofline.Dot;
import dev.lanewise.nn.report.Roofline.Entry;
import dev.lanewise.nn.report.Svg;
import dev.lanewise.nn.report.Svg.Anchor;
import dev.lanewise.nn.session.Profile.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page that draws a profile. */
final class ProfilePage {

  private static final double WIDTH = 1080;
  private static final double LEFT = 330;
  private static final double RIGHT = 900;
  private static final double ROW = 18;
  private static final double BAR = 12;

  private final ProfileReport report;
  private final List<Step> steps;
  private final List<String> algorithms;

  private ProfilePage(ProfileReport report) {
    this.report = report;
    steps = report.profile().steps();
    algorithms = steps.stream().map(Step::algorithm).distinct().toList();
  }

  static String of(ProfileReport report) {
    return new ProfilePage(report).page();
  }

  private String page() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("machine", Machine.processor() + ", " + Machine.lanes() + ", " + Machine.jvm());
    List<String> summary = report.summary();
    facts.put("time", summary.get(0));
    facts.put("rate", summary.get(1));
    facts.put("layout", summary.get(2));
    return new Page("Profile of " + report.title())
        .facts(facts)
        .heading("Time by step")
        .text(
            "The best time of each step in its order; behind the bar the fraction of the peak, by"
                + " the multiply-adds of the direct definition, so that an algorithm that needs"
                + " fewer can pass 1.")
        .part("legend", LinePlot.legend(algorithms))
        .part("bars", bars())
        .heading("Roofline")
        .text(
            "What bounds each step that multiplies: memory under the slope, the multiply-add units"
                + " under the flat roof. Values that the caches hold, and algorithms that need"
                + " fewer operations, pass it. The numbers are those of the steps.")
        .part("roofline", roofline())
        .toString();
  }

  private String colour(Step step) {
    return LinePlot.colour(algorithms.indexOf(step.algorithm()));
  }

  private String bars() {
    Svg svg = new Svg();
    long longest = steps.stream().mapToLong(Step::nanoseconds).max().orElse(1);
    double y = ROW;
    for (int i = 0; i < steps.size(); i++, y += ROW) {
      Step step = steps.get(i);
      double length = (RIGHT - LEFT) * step.nanoseconds() / longest;
      svg.text(26, y, Anchor.END, "quiet", String.valueOf(i + 1));
      svg.text(36, y, Anchor.START, "", step.name());
      svg.bar(LEFT, y - BAR + 2, Math.max(1, length), BAR, colour(step), hint(step));
      String rate =
          step.multiplyAdds() == 0
              ? ""
              : ProfileReport.number(", %.2f of peak", report.ofPeak(step));
      svg.text(
          LEFT + length + 6,
          y,
          Anchor.START,
          "quiet",
          ProfileReport.number("%.3f ms", 1e-6 * step.nanoseconds()) + rate);
    }
    return svg.element(WIDTH, y, "bars of milliseconds, a step each");
  }

  private String hint(Step step) {
    return "%s: %s > %s, %s, %s of the time"
        .formatted(
            step.name(),
            step.algorithm(),
            ProfileReport.dims(step.output()),
            ProfileReport.number("%.2f MB", 1e-6 * step.bytes()),
            ProfileReport.percent(report.share(step)));
  }

  private String roofline() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.multiplyAdds() > 0) {
        double intensity = 2.0 * step.multiplyAdds() / step.bytes();
        Dot dot = new Dot(intensity, step.gigaflops(), colour(step), step.algorithm());
        entries.add(new Entry(i + 1, step.name(), dot, Optional.empty()));
      }
    }
    return Roofline.of(report.peakGflops(), report.memoryGbs(), entries);
  }
}
