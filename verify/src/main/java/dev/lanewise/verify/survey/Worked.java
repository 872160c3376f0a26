package dev.lanewise.verify.survey;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One worked number: what the survey prints, and how the library computes it in the same writing.
 *
 * @param name what it is
 * @param expected the published text
 * @param computed our text
 */
public record Worked(String name, String expected, Supplier<String> computed) {

  /** What is wrong, if the texts differ. */
  public Optional<String> fault() {
    String ours = computed.get();
    return ours.equals(expected)
        ? Optional.empty()
        : Optional.of("expected " + expected + ", is " + ours);
  }
}
