package dev.lanewise.bench.compare;

import java.util.List;

/** The colours of a report's page. */
final class Palette {

  static final String GRID = "#d9dee5";
  static final String ROOF = "#5a6675";

  /** Okabe and Ito's, which people of any colour vision can tell apart. */
  private static final List<String> LIBRARIES =
      List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#8c8c8c", "#d55e00", "#56b4e9");

  private Palette() {}

  /** The colour of the library that stands at a place in the report; Lanewise is the first. */
  static String library(int index) {
    return LIBRARIES.get(index % LIBRARIES.size());
  }

  /** The style class of a verdict: reached or faster, close to it, short of it. */
  static String verdict(Verdict verdict) {
    double goal = verdict.target() == null ? 1 : verdict.target();
    if (verdict.ratio() >= goal) {
      return "good";
    }
    return verdict.ratio() >= 0.95 * goal ? "near" : "bad";
  }
}
