package dev.lanewise.kernels.padding;

import dev.lanewise.kernels.shape.PaddingMode;
import java.util.stream.IntStream;

/** Which element of the input stands where along one padded axis. */
final class Halo {

  final int input;
  final int before;
  final int padded;

  /** Of each padded position, the input position it copies, or -1 for the constant. */
  final int[] source;

  /** Of each input position, the padded positions that copy it, ascending. */
  final int[][] copies;

  Halo(int input, int before, int after, PaddingMode mode) {
    mode.check(input, before, after);
    this.input = input;
    this.before = before;
    padded = input + before + after;
    source = IntStream.range(-before, input + after).map(p -> mode.source(p, input)).toArray();
    copies = new int[input][];
    int[] counts = new int[input];
    for (int from : source) {
      if (from >= 0) {
        counts[from]++;
      }
    }
    for (int i = 0; i < input; i++) {
      copies[i] = new int[counts[i]];
    }
    for (int p = padded - 1; p >= 0; p--) {
      if (source[p] >= 0) {
        copies[source[p]][--counts[source[p]]] = p;
      }
    }
  }
}
