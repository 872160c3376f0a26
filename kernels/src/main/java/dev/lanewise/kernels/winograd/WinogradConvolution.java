package dev.lanewise.kernels.winograd;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Spare;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Convolution by F(m x m, r x r): a block of tiles is transformed, each of its products is summed
 * over the input channels by the batch-reduce kernel, and the sums are transformed into outputs.
 *
 * <p>A tile depends on nothing beside it, so results do not depend on blocks, threads or batch
 * position; every sum is one chain in the order (depth tap, input channel).
 */
public final class WinogradConvolution implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  /** Column phases of a dilation; beyond them tiles would be mostly empty. */
  private static final int MOST_PHASES = 64;

  private final Tiling tiling;
  private final Workspace space;

  /** Cycles to transform the filter, by floats of the result; measured on 3x3 filters. */
  private static final double TRANSFORM_COST = 6.5;

  private final FilterTransform filterTransform;
  private final InputTransform inputTransform;
  private final OutputTransform outputTransform;
  private final Partition partition;
  private final Products products;
  private final int workers;

  /** The phases of an input with strides; null where there are none. */
  private final StridePhases phases;

  /** A filter in the order of the phases. */
  private final Spare<float[]> turned;

  /**
   * Prepares F(m x m, r x r) for a shape that {@link #objection} has nothing against.
   *
   * @param outputs m
   * @param workers how many workers will share the work; only memory of {@link #pack}, {@link
   *     #warmUp} and {@link #explain} depend on it
   */
  public WinogradConvolution(ConvShape shape, int outputs, int workers) {
    this(Tiling.fitted(shape, outputs, outputs), null, workers);
  }

  private WinogradConvolution(Tiling tiling, StridePhases phases, int workers) {
    this.tiling = tiling;
    this.phases = phases;
    this.workers = workers;
    space =
        new Workspace(TileBlocks.tiles(tiling), tiling.products, tiling.terms, tiling.outBlocks);
    double gathered = phases == null ? 0 : PhaseInput.tileCost(tiling, phases);
    partition =
        new Partition(tiling, new WinogradCost(tiling, gathered), space.tiles(), this::input);
    filterTransform = new FilterTransform(tiling, workers);
    inputTransform = input(space);
    outputTransform = new OutputTransform(tiling, space);
    products = new Products(tiling, space);
    turned = new Spare<>(() -> new float[tiling.shape.filterLength()]);
  }

  private InputTransform input(Workspace memory) {
    return phases == null
        ? new WindowInput(tiling, memory)
        : new PhaseInput(tiling, memory, phases);
  }

  /**
   * Prepares a shape with strides that {@link #phasesObjection} has nothing against: its phases are
   * channels of a convolution without.
   *
   * @param workers as in the constructor
   */
  public static WinogradConvolution ofPhases(ConvShape shape, int workers) {
    StridePhases phases = StridePhases.of(shape);
    return new WinogradConvolution(new Tiling(phases.inner(), phases.outputs()), phases, workers);
  }

  /** Why {@link #ofPhases} cannot compute a shape, if it cannot. */
  public static Optional<String> phasesObjection(ConvShape shape) {
    Optional<String> objection = StridePhases.objection(shape);
    if (objection.isPresent()) {
      return objection;
    }
    StridePhases phases = StridePhases.of(shape);
    return tooLarge(new Tiling(phases.inner(), phases.outputs()));
  }

  /**
   * Prepares F(4x2, 3x3) for a shape that {@link #oblongObjection} has nothing against.
   *
   * <p>Where channels are many and tiles few, the filter streams in from the third-level cache:
   * that of F(4x4, 3x3) is too large for it, and F(2x2, 3x3) has a third more products. By
   * measurement on Zen 4, for 512 channels of 7x7 pixels: F(2x2) 1.29 ms for 16 MiB, F(4x2) 1.06
   * for 24, F(4x4) 1.18 for 36 that nothing else drives out of the cache; with fitted tiles and all
   * pairs of output blocks in one call F(4x2) takes 0.85, of which the products, streaming in, 0.79
   * (0.73 at the peak; a bare loop over the same filter 0.77 to 0.81).
   *
   * @param workers as in the constructor
   */
  public static WinogradConvolution ofOblongTiles(ConvShape shape, int workers) {
    return new WinogradConvolution(oblong(shape), null, workers);
  }

  private static Tiling oblong(ConvShape shape) {
    return Tiling.fitted(shape, 4, 2);
  }

  /** Why {@link #ofOblongTiles} cannot compute a shape, if it cannot. */
  public static Optional<String> oblongObjection(ConvShape shape) {
    List<Axis> axes = shape.axes();
    boolean square =
        axes.size() > 1
            && axes.subList(axes.size() - 2, axes.size()).stream()
                .allMatch(axis -> axis.kernel() == 3);
    return square
        ? objection(shape, 4).or(() -> tooLarge(oblong(shape)))
        : Optional.of("F(4x2, 3x3) is of 3x3 kernels alone");
  }

  /** Why F(m x m, r x r) cannot compute a shape, if it cannot. */
  public static Optional<String> objection(ConvShape shape, int outputs) {
    List<Axis> axes = shape.axes();
    List<Axis> transformed = axes.subList(Math.max(0, axes.size() - 2), axes.size());
    for (Axis axis : transformed) {
      if (axis.kernel() > 1) {
        if (!AxisTransform.exists(outputs, axis.kernel())) {
          return Optional.of("there is no F(%d, %d)".formatted(outputs, axis.kernel()));
        }
        if (axis.stride() > 1) {
          return Optional.of("stride %d along %d taps".formatted(axis.stride(), axis.kernel()));
        }
        if (axis.dilation() > MOST_PHASES) {
          return Optional.of("dilation %d exceeds %d".formatted(axis.dilation(), MOST_PHASES));
        }
      }
    }
    if (transformed.stream().allMatch(axis -> axis.kernel() == 1)) {
      return Optional.of("a pointwise kernel has nothing to save");
    }
    int groups = shape.groups();
    int inPerGroup = shape.inChannels() / groups;
    int outPerGroup = shape.outChannels() / groups;
    if (groups > 1 && (inPerGroup % BLOCK != 0 || outPerGroup % BLOCK != 0)) {
      return Optional.of(
          "groups of %d > %d channels are not whole blocks of %d"
              .formatted(inPerGroup, outPerGroup, BLOCK));
    }
    return tooLarge(Tiling.fitted(shape, outputs, outputs));
  }

  private static Optional<String> tooLarge(Tiling tiling) {
    long filter = FilterTransform.floats(tiling);
    long scratch =
        Workspace.floats(TileBlocks.tiles(tiling), tiling.products, tiling.terms, tiling.outBlocks);
    if (Math.max(filter, scratch) > Integer.MAX_VALUE) {
      return Optional.of(
          "packed filter of %d or workspace of %d floats exceeds 2^31 - 1"
              .formatted(filter, scratch));
    }
    return Optional.empty();
  }

  @Override
  public int filterFloats() {
    return (int) FilterTransform.floats(tiling);
  }

  @Override
  public int scratchFloats() {
    return space.floats() + inputTransform.ownFloats();
  }

  @Override
  public int stages(int workers) {
    return partition.choice(workers).staged() ? Stages.COUNT : 1;
  }

  @Override
  public int commonFloats(int workers) {
    return partition.choice(workers).staged() ? partition.stages().commonFloats() : 0;
  }

  @Override
  public void pack(float[] filter, float[] packed) {
    pack(filter, packed, 0, 1);
  }

  @Override
  public void pack(float[] filter, float[] packed, int worker, int workers) {
    if (phases == null) {
      filterTransform.pack(filter, packed, worker, workers);
    } else if (worker == 0) {
      float[] taken = turned.take();
      phases.turn(filter, taken);
      filterTransform.pack(taken, packed, 0, 1);
      turned.give(taken);
    }
  }

  @Override
  public List<Integer> filterVariant() {
    return phases == null ? List.of() : phases.strides();
  }

  @Override
  public boolean takesPlanar() {
    return inputTransform.takesPlanar();
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    float[] workspace = scratch.floats(scratchFloats());
    Partition.Choice shared = partition.choice(workers);
    if (shared.staged()) {
      partition.stages().run(worker, workers, workspace, call);
      return;
    }
    Units units = shared.units();
    long end = shared.runs().start(worker + 1);
    for (long unit = shared.runs().start(worker); unit < end; ) {
      long together = units.together(unit, end);
      int group = units.group(unit);
      int first = units.span(unit);
      int until = units.span(together - 1) + 1;
      int firstPair = units.firstPair(unit);
      int endPair = units.endPair(together - 1);
      int blocks = partition.tileBlocks(first, until);
      for (int b = 0; b < blocks; b++) {
        int from = first + Workers.start(until - first, b, blocks);
        int to = first + Workers.start(until - first, b + 1, blocks);
        runBlock(call, group, firstPair, endPair, from, to, workspace);
      }
      unit = together;
    }
  }

  /** Computes the outputs of some spans for some pairs of output blocks of a channel group. */
  private void runBlock(
      ConvCall call,
      int group,
      int firstPair,
      int endPair,
      int from,
      int until,
      float[] workspace) {
    int own = space.floats() + Workspace.START;
    for (int term = 0; term < tiling.terms; term++) {
      int to = space.input(term);
      inputTransform.run(call, group, term, from, until, workspace, to, workspace, own);
    }
    for (int product = 0; product < tiling.products; product++) {
      int kind = tiling.order.kind(product);
      int first = tiling.order.firstTile(kind, from, until);
      int end = tiling.order.endTile(kind, from, until);
      products.run(call, group, product, firstPair, endPair, first, end, workspace, 0);
    }
    int endBlock = Math.min(2 * endPair, tiling.outBlocks);
    for (int b = 2 * firstPair; b < endBlock; b++) {
      int block = group * tiling.outBlocks + b;
      outputTransform.run(call, block, from, until, workspace, space.sums(b), workspace, own);
    }
  }

  @Override
  public double cost(int worker, int workers) {
    double cost = 0;
    for (int stage = 0; stage < stages(workers); stage++) {
      cost += cost(stage, worker, workers);
    }
    return cost;
  }

  @Override
  public double cost(int stage, int worker, int workers) {
    return partition.cost(stage, worker, workers);
  }

  @Override
  public double packCost() {
    return TRANSFORM_COST * filterFloats();
  }

  @Override
  public void warmUp(boolean residual) {
    if (partition.choice(workers).staged()) {
      partition.stages().warmUp();
    } else {
      products.warmUp();
    }
    Transforms.warmUp(tiling.height.transform, tiling.columnFloats());
    Transforms.warmUp(tiling.width.transform, tiling.columnFloats());
  }

  @Override
  public List<String> explain() {
    List<String> lines = new ArrayList<>();
    if (phases != null) {
      lines.add(
          "strides %s: %d phases of %d channels"
              .formatted(
                  phases.strides(),
                  tiling.shape.inChannels() / phases.shape().inChannels(),
                  phases.shape().inChannels()));
    }
    lines.add(
        "F(%dx%d, %dx%d): %d tiles of up to %d products, %d in all"
            .formatted(
                tiling.height.transform.outputs(),
                tiling.width.transform.outputs(),
                tiling.height.transform.taps(),
                tiling.width.transform.taps(),
                tiling.tiles(),
                tiling.products,
                tiling.order.allProducts(0, tiling.spans)));
    lines.add(
        partition.choice(workers).staged()
            ? partition.stages().explain()
            : "blocks of up to %d tiles, working set %d KiB and %d KiB of filter; %d spans of tiles"
                .formatted(
                    space.tiles(),
                    ((long) space.floats() * Float.BYTES) >> 10,
                    (FilterTransform.floats(tiling) * Float.BYTES) >> 10,
                    tiling.spans));
    return lines;
  }
}
