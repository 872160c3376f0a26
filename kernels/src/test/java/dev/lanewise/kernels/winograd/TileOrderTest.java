package dev.lanewise.kernels.winograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiles that are fitted to an axis, and where they lie in memory. */
class TileOrderTest {

  static Stream<Tiling> tilings() {
    return IntStream.rangeClosed(3, 19)
        .boxed()
        .flatMap(
            size ->
                Stream.of(
                    Tiling.fitted(square(size, 1), 4, 4),
                    Tiling.fitted(square(size, 1), 4, 2),
                    Tiling.fitted(square(size, 2), 4, 4),
                    Tiling.fitted(square(size, 3), 6, 6),
                    Tiling.fitted(ConvShape.conv2d(2, 16, 16, size, 9, 1, 3).padding(0, 1), 4, 4),
                    Tiling.fitted(ConvShape.conv2d(2, 16, 16, 5, size, 3, 1).padding(1, 0), 4, 4),
                    Tiling.fitted(ConvShape.conv3d(2, 16, 16, 3, size, 10, 3).padding(1), 4, 4),
                    new Tiling(square(size, 1), 4)));
  }

  private static ConvShape square(int size, int dilation) {
    return ConvShape.conv2d(3, 16, 16, size, size + 1, 3, 3)
        .dilation(dilation, dilation)
        .padding(dilation);
  }

  @Test
  void sevenOutputsAreFourAndThree() {
    TileAxis axis = new TileAxis(Axis.of(7, 3).withPadding(1, 1), 4, true);
    assertEquals(2, axis.tiles);
    assertEquals(1, axis.wholeTiles());
    assertEquals(4, axis.outStart(1));
    assertEquals(3, axis.outputs(1));
  }

  @Test
  void fourteenOutputsAreFourFourThreeAndThree() {
    TileAxis axis = new TileAxis(Axis.of(14, 3).withPadding(1, 1), 4, true);
    assertEquals(2, axis.wholeTiles());
    assertEquals(11, axis.outStart(3));
  }

  @ParameterizedTest
  @MethodSource("tilings")
  void everyOutputIsOfOneTile(Tiling tiling) {
    for (TileAxis axis : new TileAxis[] {tiling.height, tiling.width}) {
      BitSet made = new BitSet();
      for (int tile = 0; tile < axis.tiles; tile++) {
        for (int i = 0; i < axis.outputs(tile); i++) {
          int output = axis.outStart(tile) + i * axis.step;
          assertTrue(!made.get(output), () -> "output %d twice".formatted(output));
          made.set(output);
        }
      }
      assertEquals(axis.output, made.cardinality());
      assertEquals(axis.output, made.length());
    }
  }

  @ParameterizedTest
  @MethodSource("tilings")
  void productsFindTheirTilesSideBySide(Tiling tiling) {
    Random random = new Random(tiling.spans);
    for (int i = 0; i < 20; i++) {
      int first = random.nextInt(tiling.spans);
      int end = first + 1 + random.nextInt(tiling.spans - first);
      int[] spans = spansByPlace(tiling, first, end);
      for (int product = 0; product < tiling.products; product++) {
        int kind = tiling.order.kind(product);
        int from = tiling.order.firstTile(kind, first, end);
        int until = tiling.order.endTile(kind, first, end);
        for (int place = 0; place < spans.length; place++) {
          boolean wanted = wants(tiling, product, spans[place]);
          assertEquals(wanted, place >= from && place < until, "product " + product);
        }
      }
    }
  }

  /** The span of each place; fails where a place is of no tile or of two. */
  private static int[] spansByPlace(Tiling tiling, int first, int end) {
    int[] spans = new int[tiling.tiles(first, end)];
    BitSet taken = new BitSet();
    for (int span = first; span < end; span++) {
      int place = tiling.order.place(first, end, span);
      for (int tile = 0; tile < tiling.tiles(span, span + 1); tile++, place++) {
        assertTrue(!taken.get(place));
        taken.set(place);
        spans[place] = span;
      }
    }
    assertEquals(spans.length, taken.length());
    return spans;
  }

  private static boolean wants(Tiling tiling, int product, int span) {
    int columns = tiling.width.transform.products();
    int row = span / tiling.width.spans % tiling.height.tiles;
    int column = span % tiling.width.spans * tiling.width.step;
    return wants(tiling.height, product / columns, row)
        && wants(tiling.width, product % columns, column);
  }

  /** Whether a tile's outputs depend on a product: its last one alone takes that at infinity. */
  private static boolean wants(TileAxis axis, int product, int tile) {
    boolean atInfinity = !axis.transform.isTrivial() && product == axis.transform.products() - 1;
    return !atInfinity || tile / axis.step < axis.wholeSpans;
  }
}
