package dev.lanewise.bench.peer;

/** What libraries are timed on: convolutions, a training step, or a network in use. */
public interface Job {

  /**
   * Rounding makes it a few millionths at the layer list's longest sums; a tap left out of one
   * output makes it a few thousandths.
   */
  double TOLERANCE = 1e-4;

  /**
   * Makes a library ready for it.
   *
   * @throws IllegalArgumentException if the library can't compute it; the message says why
   */
  Peer.Prepared on(Peer peer);

  /** Largest difference of two libraries' results, relative to the largest magnitude. */
  default double tolerance() {
    return TOLERANCE;
  }

  /** Operations, two a multiply-add. */
  double flops();

  /** Bytes that must at least be moved between memory and processor. */
  double bytes();
}
