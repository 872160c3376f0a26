package dev.lanewise.verify.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest(name = "{0} matches {1}: {2}")
  @CsvSource({
    "*, 3x3 64@56, true",
    "3x3*, 3x3 64@56, true",
    "3x3*, depthwise 3x3 32@112, false",
    "*@56, 3x3 64@56, true",
    "3x3 64@5?, 3x3 64@56, true",
    "3x3 64@56, 3x3 64@56 batch 16, false",
    "a.c, abc, false",
    "a(b[c*, a(b[cd, true",
    "a\\E?, a\\Eb, true",
  })
  void matchesWholeNames(String glob, String name, boolean expected) {
    assertEquals(expected, Glob.matching(glob).test(name));
  }
}
