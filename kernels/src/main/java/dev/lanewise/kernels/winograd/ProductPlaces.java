package dev.lanewise.kernels.winograd;

/**
 * How the products of transformed tiles lie, in floats.
 *
 * @param row from one product of a column to the next
 * @param column from one product of a row to the next
 * @param tile from one tile to the next
 */
record ProductPlaces(int row, int column, int tile) {

  /** Each product's tiles side by side, in a plane of their own. */
  static ProductPlaces planes(Tiling tiling, int plane) {
    return new ProductPlaces(tiling.width.transform.products() * plane, plane, Tiling.BLOCK);
  }

  /** Column after column of products, each tile by tile. */
  static ProductPlaces columns(Tiling tiling) {
    int tile = tiling.height.transform.products() * Tiling.BLOCK;
    return new ProductPlaces(Tiling.BLOCK, tiling.tiles() * tile, tile);
  }
}
