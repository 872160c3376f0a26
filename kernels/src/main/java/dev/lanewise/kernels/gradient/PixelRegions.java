package dev.lanewise.kernels.gradient;

import dev.lanewise.kernels.gradient.PixelRegion.Extent;
import dev.lanewise.kernels.parallel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * The regions into which the pixels of a batch are cut: some images together if they are small, or
 * else the same parts of each image. They follow from the shape alone.
 */
final class PixelRegions {

  /** Images that are summed together. */
  final int together;

  /** How copied rows lie, or null where the input is read in place. */
  final FilterBand memory;

  /** The regions of so many images, where that number occurs. */
  private final PixelRegion[][] ofImages;

  /**
   * Cuts a batch.
   *
   * @param most images that may be summed together
   */
  PixelRegions(FilterGeometry geometry, FilterPanels panels, int most) {
    int rows = geometry.depth().output() * geometry.height().output();
    int columns = geometry.width().output();
    int pixels = panels.pixels();
    together = Math.clamp(pixels / Math.max(1, (long) rows * columns), 1, most);
    List<List<PixelRegion>> regions = new ArrayList<>();
    int inputRows = 0;
    for (int images = 1; images <= together; images++) {
      List<PixelRegion> list = new ArrayList<>();
      for (Extent extent : cut(images, rows, columns, pixels)) {
        PixelRegion region = new PixelRegion(geometry, extent);
        inputRows = Math.max(inputRows, region.endInput - region.firstInput);
        list.add(region);
      }
      regions.add(list);
    }
    memory =
        geometry.needsBand()
            ? new FilterBand(geometry, panels.mostBlocks(), together, inputRows)
            : null;
    ofImages = new PixelRegion[together + 1][];
    for (int images = 1; images <= together; images++) {
      ofImages[images] =
          regions.get(images - 1).stream()
              .map(region -> region.withTables(memory))
              .toArray(PixelRegion[]::new);
    }
  }

  private static List<Extent> cut(int images, int rows, int columns, int pixels) {
    List<Extent> extents = new ArrayList<>();
    if (images > 1) {
      extents.add(new Extent(images, 0, rows, 0, columns));
      return extents;
    }
    int parts = Math.ceilDiv(columns, pixels);
    int width = Math.ceilDiv(columns, Math.max(1, parts));
    int bands = Math.ceilDiv(rows, Math.max(1, pixels / columns));
    for (int band = 0; band < bands; band++) {
      int first = Workers.start(rows, band, bands);
      int end = Workers.start(rows, band + 1, bands);
      for (int column = 0; column < columns; column += width) {
        extents.add(new Extent(1, first, end, column, Math.min(columns, column + width)));
      }
    }
    return extents;
  }

  /** The regions of one image, or the only region of several. */
  PixelRegion[] of(int images) {
    return ofImages[images];
  }
}
