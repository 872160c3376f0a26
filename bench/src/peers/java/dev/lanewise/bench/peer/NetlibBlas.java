package dev.lanewise.bench.peer;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.kernels.shape.ConvShape;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The textbook convolution with a pure-Java BLAS: the windows of a band of output pixels are copied
 * into the rows of a matrix, which netlib's {@code sgemm} (VectorBLAS, on the Vector API)
 * multiplies by the filter. Input and output are plain NCHW.
 *
 * <p>netlib uses one thread. With more, each takes bands of its own.
 */
public final class NetlibBlas implements Peer {

  /** A band's windows fill about a quarter of a second-level cache. */
  private static final int BAND_FLOATS = 1 << 16;

  /** Kept, or the level set would be forgotten with it. */
  private static final Logger LOG = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

  @Override
  public String name() {
    return "netlib";
  }

  @Override
  public void load() {
    // It would tell which of its implementations it uses.
    LOG.setLevel(Level.WARNING);
    JavaBLAS.getInstance();
  }

  @Override
  public Prepared prepare(Problem problem) {
    Check.that(problem.direction() == Direction.FORWARD, "a BLAS has no convolution to go back");
    problem.stages().forEach(stage -> Window.of(stage.shape()));
    return new Products(problem);
  }

  private static final class Products implements Prepared {

    private final Workers workers;
    private final List<Layer> layers = new ArrayList<>();

    Products(Problem problem) {
      workers = Workers.of(problem.threads());
      float[] last = problem.input();
      for (Problem.Stage stage : problem.stages()) {
        Layer layer = new Layer(stage, last, workers.size());
        layers.add(layer);
        last = layer.output;
      }
    }

    @Override
    public void run() {
      for (Layer layer : layers) {
        workers.run((worker, count, scratch) -> layer.share(worker, count));
      }
    }

    @Override
    public float[] result() {
      return layers.getLast().output.clone();
    }

    @Override
    public String algorithm() {
      return "im2col + sgemm";
    }

    @Override
    public void close() {
      workers.close();
    }
  }

  /** One convolution with its operands. */
  private static final class Layer {

    private final Problem.Stage stage;
    private final ConvShape shape;
    private final Axis height;
    private final Axis width;
    private final int inChannels;
    private final int outChannels;
    private final float[] input;
    private final float[][] windows;
    private final int band;
    private final float[] output;

    Layer(Problem.Stage stage, float[] input, int workers) {
      this.stage = stage;
      this.input = input;
      shape = stage.shape();
      height = Window.of(shape).height();
      width = Window.of(shape).width();
      inChannels = shape.inChannels() / shape.groups();
      outChannels = shape.outChannels() / shape.groups();
      band = Math.clamp(BAND_FLOATS / shape.terms(), 1, shape.outputPixels());
      windows = new float[workers][band * shape.terms()];
      output = new float[Check.elements("output", shape.outputDims())];
    }

    /** One worker's bands of all images and groups. */
    void share(int worker, int workers) {
      int bands = (shape.outputPixels() + band - 1) / band;
      int units = shape.batch() * shape.groups() * bands;
      int end = Workers.start(units, worker + 1, workers);
      for (int unit = Workers.start(units, worker, workers); unit < end; unit++) {
        int first = unit % bands * band;
        int pixels = Math.min(band, shape.outputPixels() - first);
        product(unit / bands, first, pixels, windows[worker]);
      }
    }

    /**
     * A band of pixels of one group of one image, in BLAS's column-major terms: C is pixels x
     * channels, A holds each pixel's window as a column and is transposed, B a filter a column.
     */
    private void product(int imageGroup, int first, int pixels, float[] rows) {
      int terms = shape.terms();
      int group = imageGroup % shape.groups();
      int plane = shape.outputPixels();
      int begin = imageGroup * outChannels * plane + first;
      for (int pixel = 0; pixel < pixels; pixel++) {
        window(imageGroup, first + pixel, rows, pixel * terms);
      }
      for (int channel = 0; channel < outChannels; channel++) {
        float bias = stage.bias()[group * outChannels + channel];
        Arrays.fill(output, begin + channel * plane, begin + channel * plane + pixels, bias);
      }
      JavaBLAS.getInstance()
          .sgemm(
              "T",
              "N",
              pixels,
              outChannels,
              terms,
              1f,
              rows,
              0,
              terms,
              stage.filter(),
              group * outChannels * terms,
              terms,
              1f,
              output,
              begin,
              plane);
    }

    /** Copies the window of one output pixel: channel, kernel row, kernel column. */
    private void window(int imageGroup, int pixel, float[] rows, int at) {
      int y = pixel / width.output();
      int x = pixel % width.output();
      int first = width.firstTap(x);
      int end = Math.max(first, width.endTap(x));
      Arrays.fill(rows, at, at + shape.terms(), 0f);
      for (int channel = 0; channel < inChannels; channel++) {
        int plane = (imageGroup * inChannels + channel) * shape.inputPixels();
        for (int ky = height.firstTap(y); ky < height.endTap(y); ky++) {
          int from = plane + height.position(y, ky) * width.input() + width.position(x, 0);
          int to = at + (channel * height.kernel() + ky) * width.kernel();
          for (int kx = first; kx < end; kx++) {
            rows[to + kx] = input[from + kx * width.dilation()];
          }
        }
      }
    }
  }
}
