package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Taps;

/**
 * One matrix product in progress; kept and reused by the thread that calls it.
 *
 * <p>Each worker takes a rectangle of C. It walks through k in runs of {@link Panels#MAX_TAPS}
 * taps, packs a group of panels of B and a block of rows of A, and multiplies these while they lie
 * in the second-level cache.
 */
final class Product implements Task {

  /** Panels of B packed at a time: A is packed again for each such group. */
  private static final int GROUP = 32;

  /** A product of fewer strips than this is cut along k if that is long. */
  private static final int FEW_STRIPS = 8;

  /** Least terms of a part of such a product. */
  private static final int PART_TERMS = 1024;

  private static final int MOST_PARTS = 8;
  private static final int STRIP = 14;
  private static final float[] ZEROS = new float[Panels.COLUMNS];

  private final BatchReduce kernel = BatchReduce.get();

  private boolean transposeA;
  private int m;
  private float[] a;
  private int aOffset;
  private int lda;
  private boolean transposeB;
  private boolean packedB;
  private int n;
  private int k;
  private float[] b;
  private int bOffset;
  private int ldb;
  private boolean overwrite;
  private float[] c;
  private int cOffset;
  private int ldc;
  private int parts;
  private float[] partial = new float[0];

  void left(boolean transpose, int rows, float[] values, int offset, int stride) {
    transposeA = transpose;
    m = rows;
    a = values;
    aOffset = offset;
    lda = stride;
  }

  void right(
      boolean transpose,
      int columns,
      int terms,
      float[] values,
      int offset,
      int stride,
      boolean packed) {
    transposeB = transpose;
    n = columns;
    k = terms;
    b = values;
    bOffset = offset;
    ldb = stride;
    packedB = packed;
  }

  int terms() {
    return k;
  }

  int columns() {
    return n;
  }

  void run(boolean overwriteC, float[] values, int offset, int stride, Workers workers) {
    overwrite = overwriteC;
    c = values;
    cOffset = offset;
    ldc = stride;
    parts = parts();
    if (parts > 1 && partial.length < parts * m * n) {
      partial = new float[parts * m * n];
    }
    try {
      workers.run(this);
      if (parts > 1) {
        addParts();
      }
    } finally {
      a = null;
      b = null;
      c = null;
    }
  }

  /** Depends on the sizes alone, so that the sums do not change with the workers. */
  private int parts() {
    int strips = (m + STRIP - 1) / STRIP * Panels.count(n);
    return strips < FEW_STRIPS ? Math.clamp(k / PART_TERMS, 1, MOST_PARTS) : 1;
  }

  @Override
  public void run(int worker, int workers, Scratch scratch) {
    if (parts > 1) {
      int end = Workers.start(parts, worker + 1, workers);
      for (int part = Workers.start(parts, worker, workers); part < end; part++) {
        int first = partStart(part);
        int last = partStart(part + 1);
        rectangle(first, last, 0, m, 0, Panels.count(n), true, partial, part * m * n, n, scratch);
      }
      return;
    }
    int across = workersAcross(workers);
    int down = workers / across;
    int panels = Panels.count(n);
    rectangle(
        0,
        k,
        rowStart(worker / across, down),
        rowStart(worker / across + 1, down),
        Workers.start(panels, worker % across, across),
        Workers.start(panels, worker % across + 1, across),
        overwrite,
        c,
        cOffset,
        ldc,
        scratch);
  }

  /** Where a worker's rows begin: with a whole strip, which runs faster than others. */
  private int rowStart(int worker, int workers) {
    int strips = (m + kernel.maxPixels() - 1) / kernel.maxPixels();
    return Math.min(m, Workers.start(strips, worker, workers) * kernel.maxPixels());
  }

  private int partStart(int part) {
    return part == parts ? k : k / Panels.DEPTH * part / parts * Panels.DEPTH;
  }

  private void addParts() {
    for (int part = 0; part < parts; part++) {
      for (int row = 0; row < m; row++) {
        int from = (part * m + row) * n;
        int to = cOffset + row * ldc;
        if (part == 0 && overwrite) {
          System.arraycopy(partial, from, c, to, n);
        } else {
          for (int column = 0; column < n; column++) {
            c[to + column] += partial[from + column];
          }
        }
      }
    }
  }

  /** Workers side by side, a divisor of all: the one that has them pack the least. */
  private int workersAcross(int workers) {
    int best = 1;
    long least = Long.MAX_VALUE;
    for (int across = 1; across <= workers; across++) {
      if (workers % across == 0) {
        int panels = (Panels.count(n) + across - 1) / across;
        int down = workers / across;
        long packed = (m + down - 1) / down + (long) panels * Panels.COLUMNS;
        if (packed < least) {
          least = packed;
          best = across;
        }
      }
    }
    return best;
  }

  /** Multiplies all terms from {@code kBegin} on for some rows and panels. */
  private void rectangle(
      int kBegin,
      int kEnd,
      int rowBegin,
      int rowEnd,
      int panelBegin,
      int panelEnd,
      boolean overwriteOut,
      float[] out,
      int outOffset,
      int ldOut,
      Scratch scratch) {
    int taps = Math.min(Panels.MAX_TAPS, Panels.depthTaps(kEnd - kBegin));
    int group = packedB ? 0 : Math.min(GROUP, panelEnd - panelBegin);
    int panelsBase = taps * Panels.ROWS * Panels.DEPTH;
    int tileBase = panelsBase + group * taps * Panels.TAP;
    float[] memory = scratch.floats(tileBase + Panels.ROWS * Panels.COLUMNS);
    int step = runTerms(kEnd - kBegin);
    for (int first = panelBegin; first < panelEnd; first += GROUP) {
      int last = Math.min(panelEnd, first + GROUP);
      for (int from = kBegin; from < kEnd; from += step) {
        int to = Math.min(kEnd, from + step);
        if (!packedB) {
          packPanels(from, to, first, last, memory, panelsBase);
        }
        int wholeStrips = Panels.ROWS / kernel.maxPixels() * kernel.maxPixels();
        for (int row = rowBegin; row < rowEnd; row += wholeStrips) {
          int rows = Math.min(wholeStrips, rowEnd - row);
          Matrix.packLeft(transposeA, a, aOffset, lda, row, rows, from, to, memory, 0);
          for (int panel = first; panel < last; panel++) {
            int depth = Panels.depthTaps(to - from);
            float[] right = packedB ? b : memory;
            int rightBase =
                packedB
                    ? panel * Panels.depthTaps(k) * Panels.TAP
                        + from * Panels.blocks(panel, n) * Panels.DEPTH
                    : panelsBase + (panel - first) * depth * Panels.TAP;
            boolean fresh = overwriteOut && from == kBegin;
            int outBase = outOffset + row * ldOut;
            panel(
                panel, rows, depth, memory, tileBase, right, rightBase, fresh, out, outBase, ldOut);
          }
        }
      }
    }
  }

  /** Terms of a run: whole taps, and as many in each run as in the others. */
  private static int runTerms(int terms) {
    int depth = Panels.depthTaps(terms);
    int runs = (depth + Panels.MAX_TAPS - 1) / Panels.MAX_TAPS;
    return (depth + runs - 1) / runs * Panels.DEPTH;
  }

  private void packPanels(int from, int to, int first, int last, float[] memory, int base) {
    int depth = Panels.depthTaps(to - from);
    for (int panel = first; panel < last; panel++) {
      int column = panel * Panels.COLUMNS;
      Matrix.packPanel(
          transposeB,
          b,
          bOffset,
          ldb,
          from,
          to,
          column,
          Math.min(Panels.COLUMNS, n - column),
          Panels.blocks(panel, n) * Panels.DEPTH,
          memory,
          base + (panel - first) * depth * Panels.TAP);
    }
  }

  /** Multiplies the packed rows with one panel; a panel that is not full goes through a tile. */
  private void panel(
      int panel,
      int rows,
      int depth,
      float[] memory,
      int tileBase,
      float[] right,
      int rightBase,
      boolean fresh,
      float[] out,
      int outBase,
      int ldOut) {
    int blocks = Panels.blocks(panel, n);
    int width = blocks * Panels.DEPTH;
    int columns = Math.min(width, n - panel * Panels.COLUMNS);
    int base = outBase + panel * Panels.COLUMNS;
    boolean full = columns == width;
    if (!full && !fresh) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(out, base + row * ldOut, memory, tileBase + row * width, columns);
      }
    }
    float[] to = full ? out : memory;
    int toBase = full ? base : tileBase;
    int toRow = full ? ldOut : width;
    Taps taps = Panels.taps(depth, blocks);
    Panels.multiply(
        kernel,
        blocks,
        rows,
        memory,
        0,
        taps,
        right,
        rightBase,
        fresh ? ZEROS : to,
        fresh ? 0 : toBase,
        fresh ? 0 : toRow,
        fresh ? 0 : BatchReduce.BLOCK,
        to,
        toBase,
        toRow,
        BatchReduce.BLOCK);
    if (!full) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(memory, tileBase + row * width, out, base + row * ldOut, columns);
      }
    }
  }
}
