package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.Balance;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How evenly the layers of the list are divided among more workers than this machine has: no worker
 * has more than 1.15 times the mean work wherever there are four strips a worker at least.
 *
 * <p>A strip is a call of the kernel: 14 pixels and two blocks of output channels. Winograd's
 * pixels are tiles, which cannot be divided further. FFT is tested where a plan picks it alone: it
 * divides no further than groups of tiles and pairs of output blocks. Of the numbers of workers up
 * to 128, those to 16 are tested and every fifth.
 */
class PartitionTest {

  private static final double MOST = 1.15;

  private static final int[] WORKERS =
      IntStream.rangeClosed(1, 128).filter(n -> n <= 16 || n % 5 == 4).toArray();

  /** Output pixels and channel blocks of a whole strip. */
  private static final int STRIP_PIXELS = 14;

  private static final int STRIP_BLOCKS = 2;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FFT")
  void noWorkerHasMuchMoreThanTheMean(Algorithm algorithm) {
    List<String> uneven = new ArrayList<>();
    int tested = 0;
    for (ConvShape shape : shapes()) {
      if (algorithm.objection(shape).isEmpty()) {
        uneven.addAll(uneven(shape, algorithm));
        tested++;
      }
    }
    assertTrue(tested > 0);
    assertEquals(List.of(), uneven);
  }

  @Test
  void whatAPlanPicksGivesNoWorkerMuchMoreThanTheMean() {
    List<String> uneven = new ArrayList<>();
    for (ConvShape shape : shapes()) {
      uneven.addAll(uneven(shape, ConvPlan.of(shape, ConvOptions.defaults()).algorithm()));
    }
    assertEquals(List.of(), uneven);
  }

  /** Every row of the list, as one image and as sixteen. */
  private static List<ConvShape> shapes() {
    return LayerList.rows().stream()
        .flatMap(row -> IntStream.of(1, 16).mapToObj(row.shape()::batch))
        .distinct()
        .toList();
  }

  /** The numbers of workers, each with four whole strips at least, that share a shape unevenly. */
  private static List<String> uneven(ConvShape shape, Algorithm algorithm) {
    List<String> uneven = new ArrayList<>();
    long strips = strips(shape, algorithm);
    for (int workers : WORKERS) {
      if (4L * workers <= strips) {
        double ratio = Balance.of(shape, algorithm, workers).ratio();
        if (ratio > MOST) {
          uneven.add(
              "%s, %d workers, %s: %.2f".formatted(shape, workers, algorithm.label(), ratio));
        }
      }
    }
    return uneven;
  }

  private static long strips(ConvShape shape, Algorithm algorithm) {
    int groups = Math.ceilDiv(Layout.blocks(shape.outChannels()), STRIP_BLOCKS);
    long pixels = 1;
    for (Axis axis : shape.axes()) {
      pixels *= Math.ceilDiv(axis.output(), axis.kernel() > 1 ? tileOutputs(algorithm) : 1);
    }
    return (long) shape.batch() * groups * Math.ceilDiv(pixels, STRIP_PIXELS);
  }

  /** Outputs of a tile along an axis. */
  private static int tileOutputs(Algorithm algorithm) {
    return switch (algorithm) {
      case WINOGRAD_F4 -> 4;
      case WINOGRAD_F6 -> 6;
      default -> 1;
    };
  }
}
