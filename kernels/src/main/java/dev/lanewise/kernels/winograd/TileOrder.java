package dev.lanewise.kernels.winograd;

/**
 * The order in which the tiles of neighbouring spans lie in memory, so that those which take part
 * in a product lie side by side.
 *
 * <p>A tile that is fitted ({@link TileAxis}) along the rows or the columns does without the
 * products at infinity of that axis. First lie the tiles that are fitted in columns alone, then
 * those that are whole, those fitted in rows alone, and those fitted in both: the products that
 * want whole rows are of the first two, those that want whole columns of the second and third.
 * Within each the order is that of the spans.
 */
final class TileOrder {

  /** Kinds of products: of all tiles, and of those whole in columns, in rows, in both. */
  static final int KINDS = 4;

  private static final int COLUMNS = 1;
  private static final int ROWS = 2;

  private final TileAxis height;
  private final TileAxis width;
  private final int[] kinds;
  private final int[] productsOfKind = new int[KINDS];

  TileOrder(TileAxis height, TileAxis width) {
    this.height = height;
    this.width = width;
    int columns = width.transform.products();
    kinds = new int[height.transform.products() * columns];
    for (int product = 0; product < kinds.length; product++) {
      kinds[product] =
          (isAtInfinity(width, product % columns) ? COLUMNS : 0)
              + (isAtInfinity(height, product / columns) ? ROWS : 0);
      productsOfKind[kinds[product]]++;
    }
  }

  private static boolean isAtInfinity(TileAxis axis, int product) {
    return axis.wholeSpans < axis.spans && product == axis.transform.products() - 1;
  }

  /** The kind of a product. */
  int kind(int product) {
    return kinds[product];
  }

  /** Products of a kind. */
  int products(int kind) {
    return productsOfKind[kind];
  }

  /** Products of all tiles of some spans. */
  long allProducts(int first, int end) {
    long sum = 0;
    for (int kind = 0; kind < KINDS; kind++) {
      sum += (long) productsOfKind[kind] * tiles(kind, first, end);
    }
    return sum;
  }

  /** Where the tiles of a span lie among those of the spans {@code first} to {@code end}. */
  int place(int first, int end, int span) {
    boolean wholeRow = span / width.spans % height.tiles < height.wholeTiles();
    boolean wholeColumn = span % width.spans < width.wholeSpans;
    int place = tiles(wholeRow, wholeColumn, first, span);
    if (wholeRow && !wholeColumn) {
      return place;
    }
    place += tiles(true, false, first, end);
    if (wholeRow) {
      return place;
    }
    place += tiles(true, true, first, end);
    return wholeColumn ? place : place + tiles(false, true, first, end);
  }

  /**
   * Where those spans end, from {@code span} on, whose tiles lie side by side whatever is before.
   */
  int together(int span, int end) {
    int column = span % width.spans;
    return Math.min(
        end, span - column + (column < width.wholeSpans ? width.wholeSpans : width.spans));
  }

  /** The first tile of a kind of products among those of the spans {@code first} to {@code end}. */
  int firstTile(int kind, int first, int end) {
    return (kind & COLUMNS) != 0 ? tiles(true, false, first, end) : 0;
  }

  /** One past the last tile. */
  int endTile(int kind, int first, int end) {
    int tiles = tiles(true, false, first, end) + tiles(true, true, first, end);
    if ((kind & ROWS) == 0) {
      tiles += tiles(false, true, first, end);
      if ((kind & COLUMNS) == 0) {
        tiles += tiles(false, false, first, end);
      }
    }
    return tiles;
  }

  /** Tiles of a kind of products. */
  int tiles(int kind, int first, int end) {
    return endTile(kind, first, end) - firstTile(kind, first, end);
  }

  private int tiles(boolean wholeRow, boolean wholeColumn, int first, int end) {
    return before(wholeRow, wholeColumn, end) - before(wholeRow, wholeColumn, first);
  }

  /** Tiles before a span. */
  private int before(boolean wholeRow, boolean wholeColumn, int span) {
    int row = span / width.spans;
    int wholeOfPlane = height.wholeTiles();
    int wholeRows = row / height.tiles * wholeOfPlane + Math.min(row % height.tiles, wholeOfPlane);
    int rows = wholeRow ? wholeRows : row - wholeRows;
    int columns = wholeColumn ? width.wholeTiles() : width.tiles - width.wholeTiles();
    int tiles = rows * columns;
    if (row % height.tiles < wholeOfPlane == wholeRow) {
      int before = span % width.spans;
      int whole = Math.min(before, width.wholeSpans);
      tiles += (wholeColumn ? whole : before - whole) * width.step;
    }
    return tiles;
  }
}
