package dev.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 5, 97, 10_000_000_000L})
  void runsCoverEveryUnitOnce(long units) {
    for (int workers = 1; workers <= 40; workers++) {
      Runs runs = Runs.of(units, workers, (first, end) -> end - first);
      assertEquals(workers, runs.workers());
      assertEquals(0, runs.start(0));
      assertEquals(units, runs.start(workers));
      for (int worker = 0; worker < workers; worker++) {
        assertTrue(runs.start(worker) <= runs.start(worker + 1));
      }
    }
  }

  /** Every run pays as much again for each row of ten units that it touches. */
  @Test
  void theLargestRunIsTheLeastPossible() {
    Runs.Cost cost =
        (first, end) ->
            first == end
                ? 0
                : end - first + 5.0 * (Math.ceilDiv(end, 10) - Math.floorDiv(first, 10));
    Runs runs = Runs.of(60, 4, cost);
    assertEquals(25, largest(runs, cost), "fifteen units of two rows for each of four workers");
    assertEquals(25, runs.largest(), 0.1);
    assertEquals(15, largest(Runs.of(60, 6, cost), cost), "a row for each of six workers");
  }

  @Test
  void noCutIsBetterWhereUnitsAreUneven() {
    Random random = new Random(7);
    double[] before = new double[13];
    for (int i = 0; i < 12; i++) {
      before[i + 1] = before[i] + 1 + random.nextInt(9);
    }
    Runs.Cost cost = (first, end) -> before[(int) end] - before[(int) first];
    double least = Double.MAX_VALUE;
    for (int a = 0; a <= 12; a++) {
      for (int b = a; b <= 12; b++) {
        least = Math.min(least, Math.max(cost.of(0, a), Math.max(cost.of(a, b), cost.of(b, 12))));
      }
    }
    assertEquals(least, largest(Runs.of(12, 3, cost), cost));
  }

  @Test
  void workersBeyondTheUnitsFindNothing() {
    Runs runs = Runs.of(2, 5, (first, end) -> end - first);
    assertEquals(1, largest(runs, (first, end) -> end - first));
    assertEquals(2, runs.start(2));
    assertEquals(2, runs.start(4));
  }

  @Test
  void thereIsAWorkerAtLeast() {
    assertThrows(IllegalArgumentException.class, () -> Runs.of(3, 0, (first, end) -> 1));
  }

  private static double largest(Runs runs, Runs.Cost cost) {
    double largest = 0;
    for (int worker = 0; worker < runs.workers(); worker++) {
      largest = Math.max(largest, cost.of(runs.start(worker), runs.start(worker + 1)));
    }
    return largest;
  }
}
