package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.verify.LayerList.Row;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.check.Findings;
import dev.lanewise.verify.check.Mismatch;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where checks run and are counted.
 *
 * @param findings counts them
 * @param seed of all shapes and data
 * @param one a pool of one worker
 * @param two a pool of two
 */
public record Setting(Findings findings, long seed, Workers one, Workers two) {

  /** Data of one random case, and its shape where nothing else draws one. */
  Data data(int index) {
    return new Data(caseSeed(index));
  }

  /** Shape of one random case. */
  Data shape(int index) {
    return new Data(~caseSeed(index));
  }

  /** A random convolution that the reference computes quickly. */
  Row row(int index) {
    Row drawn = RandomShapes.convolution(shape(index));
    return new Row("random %d, %s".formatted(index, drawn.name()), drawn.shape());
  }

  private long caseSeed(int index) {
    return seed * 1_000_003 + index;
  }

  /** What a case is about and how to repeat it. */
  String subject(Object what, int index) {
    return "%s, case %d of --seed %d".formatted(what, index, seed);
  }

  /**
   * Checks what every operation promises beside its values: the same bits for any number of
   * threads, and zeros in the lanes beyond the last channel.
   *
   * @param run gives all results of the operation
   * @param layouts of the first results; those after them are not blocked
   */
  void promises(
      String kind, String subject, Function<Workers, List<float[]>> run, BlockedLayout... layouts) {
    findings.check(kind + " same bits on 2 threads", subject, () -> sameBits(run));
    findings.check(kind + " padding lanes zero", subject, () -> dirty(run.apply(one), layouts));
  }

  private Optional<Mismatch> sameBits(Function<Workers, List<float[]>> run) {
    List<float[]> expected = run.apply(one);
    List<float[]> actual = run.apply(two);
    for (int i = 0; i < expected.size(); i++) {
      Optional<Mismatch> fault = Mismatch.sameBits(expected.get(i), actual.get(i));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> dirty(List<float[]> results, BlockedLayout... layouts) {
    for (int i = 0; i < layouts.length; i++) {
      int place = layouts[i].firstDirtyPadding(results.get(i));
      if (place >= 0) {
        return Optional.of(
            "padding lane at %d of result %d holds %s".formatted(place, i, results.get(i)[place]));
      }
    }
    return Optional.empty();
  }
}
