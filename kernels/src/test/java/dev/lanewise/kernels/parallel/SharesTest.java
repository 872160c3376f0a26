package dev.lanewise.kernels.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SharesTest {

  @Test
  void sharesCoverEveryUnitOnce() {
    Shares shares = new Shares(3, new int[] {5, 1, 7}, new double[] {1, 40, 2.5});
    for (int workers = 1; workers <= 50; workers++) {
      assertEquals(0, shares.start(0, workers));
      assertEquals(39, shares.start(workers, workers));
      for (int worker = 0; worker < workers; worker++) {
        assertTrue(shares.start(worker, workers) <= shares.start(worker + 1, workers));
      }
    }
  }

  @Test
  void sharesHaveEqualWork() {
    int[] units = {56, 56, 56, 56};
    double[] work = {2, 3, 3, 1};
    Shares shares = new Shares(2, units, work);
    double mean = 2 * 56 * 9 / 7.0;
    for (int worker = 0; worker < 7; worker++) {
      double share = 0;
      for (long unit = shares.start(worker, 7); unit < shares.start(worker + 1, 7); unit++) {
        share += work[(int) (unit / 56 % 4)];
      }
      assertEquals(mean, share, 0.05 * mean);
    }
  }

  @Test
  void cutsFallBetweenSegmentsWhereThatHardlyMatters() {
    int[] units = new int[1000];
    double[] work = new double[1000];
    Arrays.fill(units, 10);
    Arrays.fill(work, 1);
    Shares shares = new Shares(1, units, work);
    for (int worker = 0; worker < 3; worker++) {
      assertEquals(0, shares.start(worker, 3) % 10);
    }
    assertEquals(4, new Shares(1, new int[] {12}, new double[] {1}).start(1, 3));
  }
}
