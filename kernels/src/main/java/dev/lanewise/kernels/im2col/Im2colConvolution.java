package dev.lanewise.kernels.im2col;

import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.PartedRuns;
import dev.lanewise.kernels.parallel.Runs;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.ConvAlgorithm;
import dev.lanewise.kernels.plan.ConvCall;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.kernels.simd.BatchReduce;
import dev.lanewise.kernels.simd.Interleave;
import dev.lanewise.kernels.simd.Taps;
import java.util.List;

/**
 * Forward convolution of any shape as a matrix product, im2col with packed panels.
 *
 * <p>The left operand has an output pixel in each row and the terms (tap, channel of the group) of
 * its window in the columns: 3 channels and 7x7 taps are 147 terms, not 784. A worker packs at most
 * {@link Panels#ROWS} pixels and 512 terms at a time. The right operand is the filter, packed once.
 * Input and output are {@link Layout#NCHW16C}; sums start from the bias and go straight into the
 * output, or through a tile where groups begin inside a channel block.
 *
 * <p>The unit of work is a pixel of some panels ({@link Partition}): every output element is one
 * chain with k ascending, whoever computes it.
 */
public final class Im2colConvolution implements ConvAlgorithm {

  private static final int BLOCK = Layout.BLOCK;

  private final BatchReduce kernel = BatchReduce.get();
  private final Geometry geometry;
  private final Columns[] columns = new Columns[BLOCK];
  private final boolean aligned;
  private final boolean pointwise;
  private final int panels;
  private final Partition partition;
  private final int workers;
  private final int groupLength;
  private final int columnFloats;

  /** Starting values and sums of a group that begins inside a channel block. */
  private final int tileFloats;

  /** Taps of a whole run of terms and of the last, for panels of one and two blocks. */
  private final Taps[] fullTaps;

  private final Taps[] lastTaps;

  /**
   * Prepares the tables.
   *
   * @param workers how many workers will share the work; only {@link #warmUp} depends on it
   * @throws IllegalArgumentException if the packed filter or the tile of a group would exceed 2^31
   *     - 1 floats
   */
  public Im2colConvolution(ConvShape shape, int workers) {
    Check.positive("workers", workers);
    geometry = new Geometry(shape);
    aligned = geometry.alignedOutput();
    pointwise = geometry.pointwise();
    panels = Panels.count(geometry.outGroup);
    partition = new Partition(geometry);
    this.workers = workers;
    long length = Panels.length(geometry.terms, geometry.outGroup);
    Check.that(
        length * geometry.groups <= Integer.MAX_VALUE,
        "packed filter of %s exceeds 2^31 - 1 floats: %d",
        shape,
        length * geometry.groups);
    groupLength = (int) length;
    int depth = Panels.depthTaps(geometry.terms);
    int rows = pointwise ? geometry.inPixels : Panels.ROWS;
    fullTaps = taps(Math.min(depth, Panels.MAX_TAPS), rows);
    lastTaps = taps((depth - 1) % Panels.MAX_TAPS + 1, rows);
    columnFloats = pointwise ? 0 : fullTaps[0].count() * BLOCK * Panels.ROWS;
    tileFloats = aligned ? 0 : Check.elements("tile", Panels.ROWS + 1, panels, Panels.COLUMNS);
    for (int g = 0; g < geometry.groups && !pointwise; g++) {
      int lane = g * geometry.inGroup % BLOCK;
      if (columns[lane] == null) {
        columns[lane] = new Columns(geometry, lane);
      }
    }
  }

  private static Taps[] taps(int count, int rows) {
    return new Taps[] {Panels.taps(count, rows, 1), Panels.taps(count, rows, 2)};
  }

  @Override
  public int filterFloats() {
    return groupLength * geometry.groups;
  }

  @Override
  public int scratchFloats() {
    return columnFloats + tileFloats;
  }

  /** Packs the filter as panels, one group after the other. */
  @Override
  public void pack(float[] filter, float[] packed) {
    int depth = Panels.depthTaps(geometry.terms) * Panels.DEPTH;
    int row = geometry.inGroup * geometry.taps;
    for (int channel = 0, count; channel < geometry.outChannels; channel += count) {
      int lane = channel % geometry.outGroup;
      count = Math.min(Interleave.ROWS, geometry.outGroup - lane);
      int panel = lane / Panels.COLUMNS;
      int width = Panels.blocks(panel, geometry.outGroup) * BLOCK;
      int to =
          channel / geometry.outGroup * groupLength
              + panel * depth * Panels.COLUMNS
              + lane % Panels.COLUMNS;
      for (int tap = 0; tap < geometry.taps; tap++) {
        Interleave.columns(
            filter,
            channel * row + tap,
            row,
            count,
            geometry.taps,
            geometry.inGroup,
            packed,
            to + tap * geometry.inGroup * width,
            width);
      }
    }
  }

  @Override
  public void run(int worker, int workers, Scratch scratch, ConvCall call) {
    float[] workspace = scratch.floats(scratchFloats());
    PartedRuns shared = partition.choice(workers);
    long end = shared.runs().start(worker + 1);
    for (long unit = shared.runs().start(worker), next; unit < end; unit = next) {
      int from = (int) (unit % geometry.outPixels);
      int to = (int) Math.min(geometry.outPixels, from + end - unit);
      next = unit + to - from;
      int segment = (int) (unit / geometry.outPixels);
      int blocks = Math.ceilDiv(to - from, Panels.ROWS);
      for (int b = 0; b < blocks; b++) {
        int first = from + Workers.start(to - from, b, blocks);
        int last = from + Workers.start(to - from, b + 1, blocks);
        if (aligned) {
          panels(segment, shared.parts(), first, last, workspace, call);
        } else {
          tiled(segment, shared.parts(), first, last, workspace, call);
        }
      }
    }
  }

  /** Some pixels of a part of the panels of a group of whole blocks. */
  private void panels(int segment, int parts, int from, int to, float[] workspace, ConvCall call) {
    int part = segment % parts;
    int group = segment / parts % geometry.groups;
    int image = segment / parts / geometry.groups;
    int first = Workers.start(panels, part, parts);
    int last = Workers.start(panels, part + 1, parts);
    int outBlock = group * geometry.outGroup / BLOCK;
    int base = call.outputImage(image) + outBlock * geometry.outPixels * BLOCK;
    group(
        image,
        group,
        first,
        last,
        from,
        to,
        workspace,
        call,
        call.start(),
        call.start(image, outBlock, from),
        call.startPixel(),
        call.startBlock(),
        call.output(),
        base + from * BLOCK,
        BLOCK,
        geometry.outPixels * BLOCK);
  }

  private void finish(int image, int first, int end, int from, int to, ConvCall call) {
    for (int block = first; block < end; block++) {
      call.finish(image, block, from, to - from);
    }
  }

  /** Groups that begin inside a channel block: each through a tile, then lane by lane. */
  private void tiled(int segment, int parts, int from, int to, float[] workspace, ConvCall call) {
    int image = segment / parts;
    int firstGroup = partition.firstGroup(segment % parts, parts);
    int endGroup = partition.firstGroup(segment % parts + 1, parts);
    float[] output = call.output();
    int rowFloats = panels * Panels.COLUMNS;
    int biasBase = columnFloats;
    int tileBase = biasBase + rowFloats;
    for (int group = firstGroup; group < endGroup; group++) {
      int channel = group * geometry.outGroup;
      System.arraycopy(call.bias(), channel, workspace, biasBase, geometry.outGroup);
      group(
          image, group, 0, panels, from, to, workspace, call, workspace, biasBase, 0, BLOCK,
          workspace, tileBase, rowFloats, BLOCK);
      for (int lane = 0; lane < geometry.outGroup; lane++) {
        int block = (channel + lane) / BLOCK;
        int target =
            call.outputImage(image)
                + (block * geometry.outPixels + from) * BLOCK
                + (channel + lane) % BLOCK;
        for (int p = 0; p < to - from; p++) {
          output[target + p * BLOCK] = workspace[tileBase + p * rowFloats + lane];
        }
      }
    }
    if (endGroup == geometry.groups) {
      int last = call.outputImage(image) + (geometry.outBlocks - 1) * geometry.outPixels * BLOCK;
      zeroPadding(last, from, to, output);
    }
    int firstBlock = firstGroup * geometry.outGroup / BLOCK;
    finish(image, firstBlock, Layout.blocks(endGroup * geometry.outGroup), from, to, call);
  }

  private void zeroPadding(int base, int from, int to, float[] output) {
    int lanes = geometry.outChannels % BLOCK;
    for (int lane = lanes; lane > 0 && lane < BLOCK; lane++) {
      for (int p = from; p < to; p++) {
        output[base + p * BLOCK + lane] = 0;
      }
    }
  }

  /**
   * One group's sums of some pixels and panels. Groups of whole blocks are finished panel by panel,
   * while the first-level cache still has them.
   *
   * @param init starting values; {@code initBase} is where those of the group's first pixel lie,
   *     the next pixel's and block's {@code initPixel} and {@code initBlock} further
   * @param outBase where the first pixel of the group's first block goes
   */
  private void group(
      int image,
      int group,
      int firstPanel,
      int endPanel,
      int from,
      int to,
      float[] workspace,
      ConvCall call,
      float[] init,
      int initBase,
      int initPixel,
      int initBlock,
      float[] out,
      int outBase,
      int outPixel,
      int outBlock) {
    int inBlock = group * geometry.inGroup / BLOCK;
    int inputBase = call.inputImage(image) + inBlock * geometry.inPixels * BLOCK;
    int depth = Panels.depthTaps(geometry.terms) * Panels.DEPTH;
    int step = Panels.MAX_TAPS * Panels.DEPTH;
    for (int k = 0; k < geometry.terms; k += step) {
      int kEnd = Math.min(geometry.terms, k + step);
      float[] left = pointwise ? call.input() : workspace;
      int leftBase = 0;
      if (pointwise) {
        leftBase = inputBase + (k / BLOCK * geometry.inPixels + from) * BLOCK;
      } else {
        columns[group * geometry.inGroup % BLOCK].pack(
            call.input(), inputBase, from, to, k, kEnd, workspace);
      }
      Taps[] taps = k + step < geometry.terms ? fullTaps : lastTaps;
      for (int panel = firstPanel; panel < endPanel; panel++) {
        int blocks = Panels.blocks(panel, geometry.outGroup);
        int right = group * groupLength + panel * depth * Panels.COLUMNS + k * blocks * BLOCK;
        int place = outBase + 2 * panel * outBlock;
        boolean fresh = k == 0;
        Panels.multiply(
            kernel,
            blocks,
            to - from,
            left,
            leftBase,
            taps[blocks - 1],
            call.weights(),
            right,
            fresh ? init : out,
            fresh ? initBase + 2 * panel * initBlock : place,
            fresh ? initPixel : outPixel,
            fresh ? initBlock : outBlock,
            out,
            place,
            outPixel,
            outBlock);
        if (aligned && kEnd == geometry.terms) {
          finishPanel(image, group, panel, from, to, call);
        }
      }
    }
  }

  private void finishPanel(int image, int group, int panel, int from, int to, ConvCall call) {
    int block = group * geometry.outGroup / BLOCK + 2 * panel;
    for (int b = 0; b < Panels.blocks(panel, geometry.outGroup); b++) {
      call.finishStarted(image, block + b, from, to - from);
    }
  }

  @Override
  public double cost(int worker, int workers) {
    return partition.cost(worker, workers);
  }

  @Override
  public void warmUp(boolean residual) {
    boolean[] wanted = new boolean[kernel.maxPixels() + 1];
    Runs runs = partition.choice(workers).runs();
    for (int worker = 0; worker < workers; worker++) {
      collectWidths(runs.start(worker), runs.start(worker + 1), wanted);
    }
    for (int width = 1; width < wanted.length; width++) {
      for (int panel = Math.max(0, panels - 2); wanted[width] && panel < panels; panel++) {
        warmUp(Panels.blocks(panel, geometry.outGroup), width, residual);
      }
    }
  }

  /** Sums begin with the bias or residual, and go on from the output if there are many terms. */
  private void warmUp(int blocks, int width, boolean residual) {
    boolean dense = aligned && !residual;
    kernel.warmUp(BLOCK, blocks, width, fullTaps[blocks - 1], dense);
    if (dense && Panels.depthTaps(geometry.terms) > Panels.MAX_TAPS) {
      kernel.warmUp(BLOCK, blocks, width, fullTaps[blocks - 1], false);
    }
  }

  /** Marks the widths of the strips of a run of units. */
  private void collectWidths(long first, long end, boolean[] wanted) {
    for (long unit = first, next; unit < end; unit = next) {
      int from = (int) (unit % geometry.outPixels);
      int pixels = (int) Math.min(geometry.outPixels - from, end - unit);
      next = unit + pixels;
      int blocks = Math.ceilDiv(pixels, Panels.ROWS);
      for (int rows : new int[] {pixels / blocks, Math.ceilDiv(pixels, blocks)}) {
        int strips = Math.ceilDiv(rows, kernel.maxPixels());
        wanted[rows / strips] = true;
        wanted[Math.ceilDiv(rows, strips)] = true;
      }
    }
  }

  @Override
  public List<String> explain() {
    return List.of(
        "matrix of %d pixels x %d terms, %s, in blocks of up to %d pixels"
            .formatted(
                geometry.outPixels,
                geometry.terms,
                pointwise ? "read in place" : "packed by each worker",
                Panels.ROWS),
        "%d panels of up to 32 output channels in %d groups, in %d parts"
            .formatted(panels, geometry.groups, partition.choice(workers).parts()));
  }
}
