package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvCall;
import java.util.function.Function;

/**
 * The whole batch in three stages, in memory that all workers have in common: input transforms,
 * products, output transforms.
 *
 * <p>For few tiles and many workers: nothing is transformed twice, and a stage is shared out more
 * finely than tiles are, by terms, by products and by blocks of output channels. Sums and
 * transforms are those of tile blocks, and so are the bits.
 */
final class Stages {

  /** Input transforms, products, output transforms. */
  static final int COUNT = 3;

  /** What workers that spin wait for each other between two stages: about a microsecond. */
  private static final double MEETING = 3_000;

  /** Common memory of 96 MiB: what needs more has tiles enough for many workers. */
  private static final long MOST_FLOATS = (96 << 20) / Float.BYTES;

  private static final int BLOCK = Tiling.BLOCK;

  private final Tiling tiling;
  private final WinogradCost costs;
  private final Workspace space;
  private final InputTransform inputTransform;
  private final OutputTransform outputTransform;
  private final Products products;

  private final ProductUnits productUnits;

  Stages(Tiling tiling, WinogradCost costs, Function<Workspace, InputTransform> input) {
    this.tiling = tiling;
    this.costs = costs;
    space = new Workspace(tiling.tiles(), tiling.products, tiling.terms, tiling.outBlocks);
    inputTransform = input.apply(space);
    outputTransform = new OutputTransform(tiling, space);
    products = new Products(tiling, space);
    productUnits = new ProductUnits(tiling, costs);
  }

  /** Whether the common memory is not too large. */
  static boolean possible(Tiling tiling) {
    long floats = Workspace.floats(tiling.tiles(), tiling.products, tiling.terms, tiling.outBlocks);
    return tiling.groups * floats <= MOST_FLOATS;
  }

  /** Floats that all workers have in common. */
  int commonFloats() {
    return tiling.groups * space.floats();
  }

  /** Computes a worker's share of a stage. */
  void run(int worker, int workers, float[] own, ConvCall call) {
    switch (call.stage()) {
      case 0 -> transformInput(worker, workers, own, call);
      case 1 -> multiply(worker, workers, call);
      default -> transformOutput(worker, workers, own, call);
    }
  }

  /** Units are ordered (channel group, term, span). */
  private void transformInput(int worker, int workers, float[] own, ConvCall call) {
    int units = tiling.groups * tiling.terms * tiling.spans;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; ) {
      int first = unit % tiling.spans;
      int until = tiling.order.together(first, Math.min(tiling.spans, first + end - unit));
      int group = unit / tiling.spans / tiling.terms;
      int term = unit / tiling.spans % tiling.terms;
      int to = group * space.floats() + space.input(term) + place(first);
      inputTransform.run(call, group, term, first, until, call.common(), to, own, Workspace.START);
      unit += until - first;
    }
  }

  private void multiply(int worker, int workers, ConvCall call) {
    long end = productUnits.start(worker + 1, workers);
    for (long unit = productUnits.start(worker, workers), next; unit < end; unit = next) {
      next = productUnits.together(unit, end);
      int group = productUnits.group(unit);
      products.run(
          call,
          group,
          productUnits.product(unit),
          productUnits.pair(unit),
          productUnits.pair(unit) + 1,
          productUnits.firstTile(unit),
          productUnits.endTile(next - 1),
          call.common(),
          group * space.floats());
    }
  }

  /** Units are ordered (channel group, block of output channels, span). */
  private void transformOutput(int worker, int workers, float[] own, ConvCall call) {
    int units = tiling.groups * tiling.outBlocks * tiling.spans;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; ) {
      int first = unit % tiling.spans;
      int until = tiling.order.together(first, Math.min(tiling.spans, first + end - unit));
      int block = unit / tiling.spans;
      int group = block / tiling.outBlocks;
      int sums = group * space.floats() + space.sums(block % tiling.outBlocks) + place(first);
      outputTransform.run(call, block, first, until, call.common(), sums, own, Workspace.START);
      unit += until - first;
    }
  }

  /** Where the tiles of a span lie, among all. */
  private int place(int span) {
    return tiling.order.place(0, tiling.spans, span) * BLOCK;
  }

  /** Estimated work of a worker's share of a stage. */
  double cost(int stage, int worker, int workers) {
    return switch (stage) {
      case 0 -> costs.apartInput(tiles(tiling.terms, worker, workers));
      case 1 -> productUnits.cost(worker, workers);
      default -> costs.apartOutput(tiles(tiling.outBlocks, worker, workers));
    };
  }

  /** Tiles in a worker's share of the transforms of so many blocks of a channel group. */
  private long tiles(int blocks, int worker, int workers) {
    int units = tiling.groups * blocks * tiling.spans;
    return tilesBefore(Workers.start(units, worker + 1, workers))
        - tilesBefore(Workers.start(units, worker, workers));
  }

  private long tilesBefore(int unit) {
    return (long) unit / tiling.spans * tiling.tiles() + tiling.tiles(0, unit % tiling.spans);
  }

  /** When so many workers are done: the largest shares, and what they wait for each other. */
  double largest(int workers) {
    double sum = (COUNT - 1) * MEETING;
    for (int stage = 0; stage < COUNT; stage++) {
      double largest = 0;
      for (int worker = 0; worker < workers; worker++) {
        largest = Math.max(largest, cost(stage, worker, workers));
      }
      sum += largest;
    }
    return sum;
  }

  String explain() {
    return "all tiles at once in %d stages, transformed by %d blocks of channels, summed by %d products"
        .formatted(
            COUNT,
            tiling.groups * (tiling.terms + tiling.outBlocks),
            tiling.groups * tiling.products);
  }

  /** Compiles the sums of products. */
  void warmUp() {
    products.warmUp();
  }
}
