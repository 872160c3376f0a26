package dev.lanewise.kernels.depthwise;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.parallel.Scratch;
import dev.lanewise.kernels.parallel.Task;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient by filter of a depthwise convolution: for each block of channels and each band of rows
 * the sums of all taps, over a copy of the band's input with its padding.
 *
 * <p>The bands of all images are cut into parts that depend on the shape alone; a part is summed in
 * order, and parts are added in order, so results have the same bits for any number of workers. An
 * instance keeps its memory: a steady state allocates nothing. It serves one caller at a time.
 */
public final class DepthwiseFilterGradient {

  private static final int BLOCK = Geometry.BLOCK;

  /** An eighth of a second-level cache of 1 MiB. */
  private static final int BAND_FLOATS = (128 << 10) / Float.BYTES;

  /** Parts of a block's bands, for balance. */
  private static final int MOST_PARTS = 16;

  private final Geometry geometry;
  private final TapSums kernel = TapSums.get();
  private final Expansion expansion;
  private final int kernelWidth;
  private final int kernelStride;
  private final int bandRows;
  private final int bandsPerPlane;
  private final int bandWidth;
  private final int bandFloats;
  private final int parts;
  private final int taps;

  /** {@code [block][part][tap][16]}. */
  private final float[] sums;

  private final Task sum = this::sum;
  private final Task collect = this::collect;
  private float[] input;
  private float[] gradOutput;
  private float[] gradFilter;

  /**
   * Prepares the gradient of a shape.
   *
   * @throws IllegalArgumentException if the shape is not depthwise, or copied rows or sums would
   *     exceed 2^31 - 1 floats
   */
  public DepthwiseFilterGradient(ConvShape shape) {
    DepthwiseConvolution.objection(shape)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(shape + " is not depthwise: " + rule);
            });
    geometry = Geometry.of(shape);
    expansion = geometry.multiplier() == 1 ? null : Expansion.of(geometry.multiplier());
    Axis width = geometry.width();
    boolean literal =
        ColumnRun.literalKernel(width)
            && (width.kernel() > 3
                || (geometry.height().kernel() == 3 && geometry.height().dilation() == 1));
    kernelWidth = literal ? width.kernel() : 1;
    kernelStride = literal ? width.stride() : 0;
    bandWidth = touched(width, width.output());
    int rowFloats = Check.elements("padded row", geometry.depth().kernel(), bandWidth, BLOCK);
    bandRows = Math.clamp(BAND_FLOATS / rowFloats, 1, geometry.height().output());
    bandsPerPlane = Math.ceilDiv(geometry.height().output(), bandRows);
    bandFloats = Check.elements("band of rows", rowFloats, touched(geometry.height(), bandRows));
    taps = shape.kernelTaps();
    parts = Math.clamp(bands(), 1, MOST_PARTS);
    sums = new float[Check.elements("sums", geometry.blocks(), parts, taps, BLOCK)];
  }

  /** Input positions from the first to the last that some windows in a row touch. */
  private static int touched(Axis axis, int windows) {
    return (windows - 1) * axis.stride() + axis.extent();
  }

  /** Bands of one channel block in all images. */
  private int bands() {
    return geometry.shape().batch() * geometry.depth().output() * bandsPerPlane;
  }

  /**
   * Computes the gradient.
   *
   * @param x input of the forward pass, {@link Layout#NCHW16C}
   * @param dy gradient of the output
   * @param result {@code [outChannels][1][kernel...]}, overwritten
   * @throws IllegalArgumentException if a length is wrong
   */
  public void run(float[] x, float[] dy, float[] result, Workers workers) {
    int batch = geometry.shape().batch();
    Check.length(
        "input", x, batch * Layout.blocks(geometry.shape().inChannels()) * geometry.inPlane());
    Check.length("gradOutput", dy, batch * geometry.blocks() * geometry.outPlane());
    Check.length("gradFilter", result, geometry.shape().outChannels() * taps);
    input = x;
    gradOutput = dy;
    gradFilter = result;
    try {
      workers.run(sum);
      workers.run(collect);
    } finally {
      input = null;
      gradOutput = null;
      gradFilter = null;
    }
  }

  private void sum(int worker, int workers, Scratch scratch) {
    float[] band = scratch.floats(bandFloats);
    int units = geometry.blocks() * parts;
    int end = Workers.start(units, worker + 1, workers);
    for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
      int base = unit * taps * BLOCK;
      Arrays.fill(sums, base, base + taps * BLOCK, 0f);
      int part = unit % parts;
      for (int b = Workers.start(bands(), part, parts);
          b < Workers.start(bands(), part + 1, parts);
          b++) {
        addBand(unit / parts, b, band, base);
      }
    }
  }

  private void addBand(int block, int index, float[] band, int base) {
    Axis height = geometry.height();
    int planes = geometry.depth().output();
    int image = index / bandsPerPlane / planes;
    int plane = index / bandsPerPlane % planes;
    int row = Workers.start(height.output(), index % bandsPerPlane, bandsPerPlane);
    int endRow = Workers.start(height.output(), index % bandsPerPlane + 1, bandsPerPlane);
    int grad =
        (image * geometry.blocks() + block) * geometry.outPlane()
            + (plane * height.output() + row) * geometry.outRow();
    int rowFloats = bandWidth * BLOCK;
    int rowsTouched = touched(height, endRow - row);
    int end = geometry.depth().endTap(plane);
    for (int d = geometry.depth().firstTap(plane); d < end; d++) {
      load(image, block, geometry.depth().position(plane, d), row, rowsTouched, band);
      for (int h = 0; h < height.kernel(); h += TapSums.kernelRows(kernelWidth)) {
        for (int w = 0; w < geometry.width().kernel(); w += kernelWidth) {
          int tap = (d * height.kernel() + h) * geometry.width().kernel() + w;
          kernel.addBlock(
              kernelWidth,
              kernelStride,
              geometry.width().stride() * BLOCK,
              endRow - row,
              geometry.width().output(),
              band,
              h * height.dilation() * rowFloats + w * geometry.width().dilation() * BLOCK,
              height.stride() * rowFloats,
              rowFloats,
              gradOutput,
              grad,
              geometry.outRow(),
              sums,
              base + tap * BLOCK);
        }
      }
    }
  }

  /** Copies the rows of an input plane that some output rows see, with zeros for padding. */
  private void load(int image, int block, int plane, int outRow, int rows, float[] band) {
    Axis width = geometry.width();
    int inBlocks = Layout.blocks(geometry.shape().inChannels());
    int from =
        (image * inBlocks + geometry.inBlock(block)) * geometry.inPlane()
            + plane * geometry.height().input() * geometry.inRow();
    int first = geometry.height().position(outRow, 0);
    int before = Math.min(width.padBefore(), bandWidth);
    int inside = Math.min(width.input(), bandWidth - before);
    for (int i = 0; i < rows; i++) {
      int to = i * bandWidth * BLOCK;
      int end = to + bandWidth * BLOCK;
      int row = first + i;
      if (row < 0 || row >= geometry.height().input()) {
        Arrays.fill(band, to, end, 0f);
      } else {
        int start = to + before * BLOCK;
        int source = from + row * geometry.inRow();
        Arrays.fill(band, to, start, 0f);
        if (expansion == null) {
          System.arraycopy(input, source, band, start, inside * BLOCK);
        } else {
          expansion.expand(block, input, source, band, start, inside);
        }
        Arrays.fill(band, start + inside * BLOCK, end, 0f);
      }
    }
  }

  /** Adds the parts in order and lays the filter out. */
  private void collect(int worker, int workers, Scratch scratch) {
    int channels = geometry.shape().outChannels();
    int end = Workers.start(channels, worker + 1, workers);
    for (int channel = Workers.start(channels, worker, workers); channel < end; channel++) {
      int from = channel / BLOCK * parts * taps * BLOCK + channel % BLOCK;
      for (int t = 0; t < taps; t++) {
        float total = 0;
        for (int part = 0; part < parts; part++) {
          total += sums[from + (part * taps + t) * BLOCK];
        }
        gradFilter[channel * taps + t] = total;
      }
    }
  }

  /** How the work is cut up, one fact a line. */
  public List<String> explain() {
    return List.of(
        "%d blocks of channels x %d parts of bands of %d rows, copied with their padding"
            .formatted(geometry.blocks(), parts, bandRows));
  }
}
