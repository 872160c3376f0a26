package dev.lanewise.bench.peer;

/** What libraries are timed on: convolutions, or a training step. */
public interface Job {

  /**
   * Makes a library ready for it.
   *
   * @throws IllegalArgumentException if the library can't compute it; the message says why
   */
  Peer.Prepared on(Peer peer);

  /** Operations, two a multiply-add. */
  double flops();

  /** Bytes that must at least be moved between memory and processor. */
  double bytes();
}
