package dev.lanewise.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.Balance;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How evenly the layers of the list are divided among more workers than this machine has. */
class PartitionTest {

  private static final double MOST = 1.15;
  private static final int WORKERS = 128;

  /** Output pixels and channel blocks of a whole strip. */
  private static final int STRIP_PIXELS = 14;

  private static final int STRIP_BLOCKS = 2;

  @Test
  void directGivesNoWorkerMuchMoreThanTheMean() {
    List<String> uneven = new ArrayList<>();
    for (LayerList.Row row : LayerList.rows()) {
      uneven.addAll(uneven(row, Algorithm.DIRECT));
    }
    assertEquals(List.of(), uneven);
  }

  @Test
  void groupedGivesNoWorkerMuchMoreThanTheMean() {
    List<String> uneven = new ArrayList<>();
    List<LayerList.Row> rows =
        LayerList.rows().stream().filter(row -> row.name().contains("groups 32")).toList();
    rows.forEach(row -> uneven.addAll(uneven(row, Algorithm.GROUPED)));
    assertTrue(rows.size() > 0);
    assertEquals(List.of(), uneven);
  }

  /** The numbers of workers, each with four whole strips at least, that share a row unevenly. */
  private static List<String> uneven(LayerList.Row row, Algorithm algorithm) {
    List<String> uneven = new ArrayList<>();
    for (int batch : new int[] {1, 16}) {
      ConvShape shape = row.shape().batch(batch);
      for (int workers = 1; workers <= WORKERS && 4L * workers <= strips(shape); workers++) {
        double ratio = Balance.of(shape, algorithm, workers).ratio();
        if (ratio > MOST) {
          uneven.add(
              "%s batch %d, %d workers, %s: %.2f"
                  .formatted(row.name(), batch, workers, algorithm.label(), ratio));
        }
      }
    }
    return uneven;
  }

  private static long strips(ConvShape shape) {
    int groups = Math.ceilDiv(Layout.blocks(shape.outChannels()), STRIP_BLOCKS);
    return (long) shape.batch() * groups * Math.ceilDiv(shape.outputPixels(), STRIP_PIXELS);
  }
}
