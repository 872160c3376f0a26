package dev.lanewise.kernels.fft;

/**
 * What is done of a job before all workers meet. Its units stand in rows, of which a worker has
 * parts.
 */
enum Step {
  /** Transforms of rows: for each input block, pairs of rows. */
  ROWS,
  /** Transform, product and transform back: for each column, tiles. */
  COLUMNS,
  /** Transforms of columns: for each input block and column, tiles. */
  IN_COLUMNS,
  /** Products: for each output unit, frequencies. */
  PRODUCTS,
  /** Transforms of columns back: for each output block and column, tiles. */
  OUT_COLUMNS,
  /** Transforms of rows back: for each output block, pairs of rows. */
  ROWS_BACK
}
