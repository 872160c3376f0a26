package dev.lanewise.nn.op;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Operation;
import dev.lanewise.nn.Ranges;
import dev.lanewise.nn.Tensor;
import java.util.Arrays;

/** Images of another size by interpolation, in layout NCHW16C. */
public final class Upsample extends Operation {

  /** How a value between pixels is found. */
  public enum Mode {
    /** The pixel at {@code floor(i in / out)}, as PyTorch's "nearest". */
    NEAREST,
    /** Between four pixels, whose centres lie at half-integers: PyTorch's "bilinear". */
    BILINEAR,
    /** Between four pixels, corners upon corners: {@code align_corners = True}. */
    BILINEAR_ALIGNED
  }

  private static final int BLOCK = Layout.BLOCK;

  private final Axis rows;
  private final Axis columns;

  private Upsample(Axis rows, Axis columns, Context context, Tensor x) {
    super(context, x);
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Interpolates.
   *
   * @param input {@code [n, c, h, w]}
   * @return {@code [n, c, height, width]}
   * @throws IllegalArgumentException if the input has other dimensions or a size is below 1
   */
  public static Tensor apply(Tensor input, int height, int width, Mode mode, Context context) {
    Check.that(input.rank() == 4, "upsampling needs an input [n, c, h, w], got %s", input);
    Check.positive("height", height);
    Check.positive("width", width);
    Tensor x = Relayout.apply(input, Layout.NCHW16C, context);
    int[] dims = {x.dim(0), x.dim(1), height, width};
    Upsample operation =
        new Upsample(new Axis(x.dim(2), height, mode), new Axis(x.dim(3), width, mode), context, x);
    float[] out = context.buffer(Layout.NCHW16C.length(dims));
    Ranges.each(
        context.workers(),
        x.dim(0) * Layout.blocks(x.dim(1)) * height,
        row -> operation.forward(x.data(), out, row));
    return operation.output(Layout.NCHW16C, out, dims);
  }

  /** Interpolates one row of one plane. */
  private void forward(float[] in, float[] out, int row) {
    int plane = row / rows.output;
    int y = row % rows.output;
    int above = (plane * rows.input + rows.low[y]) * columns.input * BLOCK;
    int below = (plane * rows.input + rows.high[y]) * columns.input * BLOCK;
    float down = rows.share[y];
    for (int x = 0; x < columns.output; x++) {
      int left = columns.low[x] * BLOCK;
      int right = columns.high[x] * BLOCK;
      float across = columns.share[x];
      int at = (row * columns.output + x) * BLOCK;
      for (int lane = 0; lane < BLOCK; lane++) {
        float upper = between(in[above + left + lane], in[above + right + lane], across);
        float lower = between(in[below + left + lane], in[below + right + lane], across);
        out[at + lane] = between(upper, lower, down);
      }
    }
  }

  private static float between(float a, float b, float share) {
    return (1 - share) * a + share * b;
  }

  @Override
  protected boolean keepsInput(int index) {
    return false;
  }

  @Override
  protected boolean keepsOutput() {
    return false;
  }

  @Override
  protected void backward(Tensor y) {
    int planes = y.dim(0) * Layout.blocks(y.dim(1));
    gradient(
        0, dx -> Ranges.each(context().workers(), planes, plane -> scatter(y.grad(), dx, plane)));
  }

  /** Hands the gradient of each pixel of a plane to the four it was made of, in their order. */
  private void scatter(float[] dy, float[] dx, int plane) {
    int size = rows.input * columns.input * BLOCK;
    Arrays.fill(dx, plane * size, (plane + 1) * size, 0);
    for (int y = 0; y < rows.output; y++) {
      int above = (plane * rows.input + rows.low[y]) * columns.input * BLOCK;
      int below = (plane * rows.input + rows.high[y]) * columns.input * BLOCK;
      for (int x = 0; x < columns.output; x++) {
        int at = ((plane * rows.output + y) * columns.output + x) * BLOCK;
        int left = columns.low[x] * BLOCK;
        int right = columns.high[x] * BLOCK;
        add(dy, at, (1 - rows.share[y]) * (1 - columns.share[x]), dx, above + left);
        add(dy, at, (1 - rows.share[y]) * columns.share[x], dx, above + right);
        add(dy, at, rows.share[y] * (1 - columns.share[x]), dx, below + left);
        add(dy, at, rows.share[y] * columns.share[x], dx, below + right);
      }
    }
  }

  private static void add(float[] dy, int at, float share, float[] dx, int to) {
    if (share != 0) {
      for (int lane = 0; lane < BLOCK; lane++) {
        dx[to + lane] += share * dy[at + lane];
      }
    }
  }

  /** Which two indices each output index lies between, and the share of the second. */
  private static final class Axis {
    private final int input;
    private final int output;
    private final int[] low;
    private final int[] high;
    private final float[] share;

    Axis(int input, int output, Mode mode) {
      this.input = input;
      this.output = output;
      low = new int[output];
      high = new int[output];
      share = new float[output];
      for (int i = 0; i < output; i++) {
        double position = position(i, mode);
        low[i] = (int) Math.min(Math.floor(position), input - 1);
        high[i] = Math.min(low[i] + 1, input - 1);
        share[i] = mode == Mode.NEAREST ? 0 : (float) (position - low[i]);
      }
    }

    private double position(int i, Mode mode) {
      return switch (mode) {
        case NEAREST -> Math.floorDiv((long) i * input, output);
        case BILINEAR -> Math.max(0, (i + 0.5) * input / output - 0.5);
        case BILINEAR_ALIGNED -> output == 1 ? 0 : (double) i * (input - 1) / (output - 1);
      };
    }
  }
}
