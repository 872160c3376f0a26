package dev.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.parallel.PartedRuns.Work;
import org.junit.jupiter.api.Test;

class PartedRunsTest {

  /** So many pixels of 12 channels, each of which first needs its input prepared by every part. */
  private static Work work(int pixels, double input, int parts) {
    double unit = input + 12.0 / parts;
    return new Work((long) pixels * parts, (first, end) -> (end - first) * unit);
  }

  @Test
  void fewUnitsAreCutWhereThatIsWorthItsRepetition() {
    PartedRuns cheap = PartedRuns.of(12, 4, parts -> work(5, 0.5, parts));
    assertEquals(4, cheap.parts());
    assertEquals(17.5, cheap.runs().largest(), 0.05);
    PartedRuns dear = PartedRuns.of(12, 4, parts -> work(5, 13, parts));
    assertEquals(1, dear.parts());
    assertEquals(50, dear.runs().largest(), 0.1);
  }

  @Test
  void ofEqualsTheFewestPartsAreTaken() {
    assertEquals(1, PartedRuns.of(12, 4, parts -> work(8, 0, parts)).parts());
  }

  @Test
  void partsAreNoMoreThanThereCanBeOrWorkers() {
    assertEquals(3, PartedRuns.of(3, 40, parts -> work(1, 0, parts)).parts());
    assertEquals(5, PartedRuns.of(12, 5, parts -> work(1, 0, parts)).parts());
  }
}
