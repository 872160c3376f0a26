package dev.lanewise.kernels.strassen;

import dev.lanewise.kernels.parallel.Workers;

/** Packs a filter as the factors of the products, sums of its quarters among them. */
final class FilterSums {

  private static final int PANEL = Quarters.PANEL;

  private final Quarters quarters;

  FilterSums(Quarters quarters) {
    this.quarters = quarters;
  }

  /**
   * Lays out a worker's share of {@code [panel][b11, b21, t2, t3, t1, b22, -t4][channel][32]}.
   *
   * @param filter {@code [outChannels][inChannels]}
   */
  void pack(float[] filter, float[] packed, int worker, int count) {
    int end = Workers.start(quarters.panels, worker + 1, count);
    for (int panel = Workers.start(quarters.panels, worker, count); panel < end; panel++) {
      int to = quarters.factor(panel, 0);
      for (int k = 0; k < quarters.inChannels / 2; k++) {
        for (int lane = 0; lane < PANEL; lane++) {
          int from = (panel * PANEL + lane) * quarters.inChannels + k;
          pack(filter, from, packed, to + k * PANEL + lane);
        }
      }
    }
  }

  /** The seven factors that are made of one element of each quarter. */
  private void pack(float[] filter, int from, float[] packed, int to) {
    int further = quarters.inChannels / 2;
    int second = from + quarters.panels * PANEL * quarters.inChannels;
    int apart = quarters.productFloats();
    double b11 = filter[from];
    double b21 = filter[from + further];
    double b12 = filter[second];
    double b22 = filter[second + further];
    double t1 = b12 - b11;
    double t2 = b22 - t1;
    packed[to] = (float) b11;
    packed[to + apart] = (float) b21;
    packed[to + 2 * apart] = (float) t2;
    packed[to + 3 * apart] = (float) (b22 - b12);
    packed[to + 4 * apart] = (float) t1;
    packed[to + 5 * apart] = (float) b22;
    packed[to + 6 * apart] = (float) (b21 - t2);
  }
}
