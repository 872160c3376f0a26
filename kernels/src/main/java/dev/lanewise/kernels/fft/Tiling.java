package dev.lanewise.kernels.fft;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Optional;

/** The choice of the tiles' size: the one of least estimated work. */
final class Tiling {

  /** The longest transform: longer kernels would need memory out of all proportion. */
  private static final int LONGEST = 1 << 15;

  /** Dense outputs that may be computed for each that a stride keeps. */
  private static final int MOST_DENSE = 16;

  /** A gigabyte, of a packed filter or of scratch. */
  private static final long MOST_FLOATS = 1L << 28;

  private Tiling() {}

  /** Why a shape cannot be computed, if it cannot. */
  static Optional<String> objection(ConvShape shape) {
    long dense = 1;
    for (Axis axis : axes(shape)) {
      if (leastSize(axis) > LONGEST) {
        return Optional.of(
            "kernel extent %d with stride %d is longer than a transform of %d"
                .formatted(axis.extent(), axis.stride(), LONGEST));
      }
      dense *= axis.stride();
    }
    if (dense > MOST_DENSE) {
      return Optional.of("%d outputs would be computed for each that is kept".formatted(dense));
    }
    return anyPossible(shape)
        ? Optional.empty()
        : Optional.of("the filter's spectra or scratch would exceed a gigabyte");
  }

  private static Axis[] axes(ConvShape shape) {
    return new Axis[] {FftGeometry.height(shape.axes()), shape.axes().getLast()};
  }

  private static long leastSize(Axis axis) {
    return axis.extent() - 1L + axis.stride();
  }

  /** Whether tiles of any size are possible: mostly the first are. */
  private static boolean anyPossible(ConvShape shape) {
    Axis height = axes(shape)[0];
    Axis width = axes(shape)[1];
    for (int h = first(height); h <= last(height); h = Fft.sizeFor(h + 1)) {
      for (int w = first(width); w <= last(width); w = Fft.sizeFor(w + 1)) {
        if (possible(product(shape, h, w))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The products of the best tiles, if any tiles are possible. */
  static Optional<SpectrumProduct> best(ConvShape shape) {
    Axis height = axes(shape)[0];
    Axis width = axes(shape)[1];
    SpectrumProduct best = null;
    double least = Double.MAX_VALUE;
    for (int h = first(height); h <= last(height); h = Fft.sizeFor(h + 1)) {
      for (int w = first(width); w <= last(width); w = Fft.sizeFor(w + 1)) {
        SpectrumProduct product = product(shape, h, w);
        if (possible(product)) {
          double cost = cost(product);
          if (cost < least) {
            least = cost;
            best = product;
          }
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private static SpectrumProduct product(ConvShape shape, int height, int width) {
    return DepthwiseProduct.fits(shape)
        ? new DepthwiseProduct(DepthwiseProduct.geometry(shape, height, width))
        : new DenseProduct(DenseProduct.geometry(shape, height, width));
  }

  private static int first(Axis axis) {
    return Fft.sizeFor((int) leastSize(axis));
  }

  private static int last(Axis axis) {
    return Math.max(first(axis), Math.min(LONGEST, TileAxis.largest(axis)));
  }

  private static boolean possible(SpectrumProduct product) {
    return product.filterFloats() <= MOST_FLOATS && scratchFloats(product) <= MOST_FLOATS;
  }

  /** Scratch of one worker: spectra of rows, single transforms, and products. */
  static long scratchFloats(SpectrumProduct product) {
    FftGeometry geometry = product.geometry();
    return geometry.spectraFloats() + geometry.products() + product.scratchFloats();
  }

  /** Estimated work of one image and output plane. */
  static double cost(SpectrumProduct product) {
    FftGeometry geometry = product.geometry();
    double cost = 0;
    for (int group = 0; group < geometry.groups(); group++) {
      for (int unit = 0; unit < product.units(); unit += product.unitsTogether()) {
        cost += cost(product, group, unit, unit + product.unitsTogether());
      }
    }
    return cost;
  }

  /** Estimated work of some units of a group of tiles that share their input. */
  static double cost(SpectrumProduct product, int group, int first, int end) {
    FftGeometry geometry = product.geometry();
    int tiles = tiles(geometry, group);
    int planes = geometry.depth().kernel() * product.inBlocks(first);
    int blocks = product.firstOut(end) - product.firstOut(first);
    double column =
        planes * geometry.inColumnCost(tiles)
            + product.cost(first, end, tiles)
            + blocks * geometry.outColumnCost(tiles);
    return planes * geometry.inRowCost(tiles * geometry.rows().size() / 2.0)
        + geometry.half() * column
        + blocks * geometry.outRowCost(tiles * geometry.rows().outputs() / 2.0);
  }

  static int firstTile(FftGeometry geometry, int group) {
    return Workers.start(geometry.tiles(), group, geometry.groups());
  }

  static int tiles(FftGeometry geometry, int group) {
    return firstTile(geometry, group + 1) - firstTile(geometry, group);
  }
}
