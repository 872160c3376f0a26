package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.Limits;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Unsupported;

/**
 * RoiAlign (He et al. 2017, Mask R-CNN): of each region a grid of cells, each the mean or the
 * greatest of samples between the pixels.
 */
final class RoiAligns {

  private static final int STEPS_A_SAMPLE = 16;

  private final Call call;
  private final OnnxTensor x;
  private final OnnxTensor regions;
  private final OnnxTensor images;
  private final int height;
  private final int width;
  private final int samples;
  private final double scale;
  private final boolean halfPixel;
  private final boolean greatest;

  private RoiAligns(Call call) {
    this.call = call;
    x = call.input(0);
    Check.that(x.rank() == 4 && x.isReal(), "RoiAlign of %s", x);
    regions = call.input(1);
    images = call.input(2);
    height = call.integer("output_height", 1);
    width = call.integer("output_width", 1);
    samples = call.integer("sampling_ratio", 0);
    scale = call.real("spatial_scale", 1);
    // Until operator set 15 there was no choice.
    String otherwise = call.opset() < 16 ? "output_half_pixel" : "half_pixel";
    halfPixel = "half_pixel".equals(call.text("coordinate_transformation_mode", otherwise));
    String mode = call.text("mode", "avg");
    if (!"avg".equals(mode) && !"max".equals(mode)) {
      throw new Unsupported("RoiAlign of mode " + mode);
    }
    greatest = "max".equals(mode);
    Check.that(
        x.rank() == 4
            && regions.rank() == 2
            && regions.dims()[1] == 4
            && images.size() == regions.dims()[0]
            && height >= 1
            && width >= 1
            && samples >= 0,
        "RoiAlign of %s with regions %s and images %s, %d x %d cells of %d samples",
        x,
        regions,
        images,
        height,
        width,
        samples);
  }

  static void register(Operators operators) {
    operators.add("RoiAlign", call -> new RoiAligns(call).run());
  }

  private OnnxTensor run() {
    int[] dims = {regions.dims()[0], x.dims()[1], height, width};
    double[] y = new double[Limits.elements(dims)];
    int each = y.length / Math.max(1, dims[0]);
    for (int region = 0; region < dims[0]; region++) {
      align(region, y, region * each);
    }
    return OnnxTensor.ofReals(x.type(), y, dims);
  }

  private void align(int region, double[] y, int offset) {
    Cells cells = cells(region);
    long image = images.whole(region);
    Check.that(image >= 0 && image < x.dims()[0], "region of image %d of %s", image, x);
    int channels = x.dims()[1];
    double points = (cells.rows() + 1.0) * (cells.columns() + 1.0);
    call.spend(STEPS_A_SAMPLE, channels, (double) height * width, points);
    for (int i = 0; i < channels * height * width; i++) {
      int plane = ((int) image * channels + i / (height * width)) * x.dims()[2] * x.dims()[3];
      y[offset + i] = cell(plane, cells, i / width % height, i % width);
    }
  }

  /**
   * The grid of a region, in pixels.
   *
   * @param rows of samples in a cell
   */
  private record Cells(
      double top, double left, double height, double width, int rows, int columns) {}

  private Cells cells(int region) {
    double shift = halfPixel ? 0.5 : 0;
    double least = halfPixel ? Double.NEGATIVE_INFINITY : 1;
    double left = regions.real(region * 4) * scale - shift;
    double top = regions.real(region * 4 + 1) * scale - shift;
    double across = Math.max(regions.real(region * 4 + 2) * scale - shift - left, least) / width;
    double down = Math.max(regions.real(region * 4 + 3) * scale - shift - top, least) / height;
    int rows = samples > 0 ? samples : (int) Math.ceil(down);
    int columns = samples > 0 ? samples : (int) Math.ceil(across);
    return new Cells(top, left, down, across, Math.max(rows, 0), Math.max(columns, 0));
  }

  private double cell(int plane, Cells cells, int row, int column) {
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < cells.rows(); i++) {
      for (int j = 0; j < cells.columns(); j++) {
        Sample sample =
            sample(
                plane,
                cells.top() + (row + (i + 0.5) / cells.rows()) * cells.height(),
                cells.left() + (column + (j + 0.5) / cells.columns()) * cells.width());
        sum += sample.sum();
        most = Math.max(most, sample.greatest());
      }
    }
    int count = cells.rows() * cells.columns();
    return count == 0 ? 0 : greatest ? most : sum / count;
  }

  /**
   * What four pixels around a point give.
   *
   * @param sum interpolated linearly
   * @param greatest weighted pixel, of which the definition takes the maximum
   */
  private record Sample(double sum, double greatest) {}

  private Sample sample(int plane, double row, double column) {
    int rows = x.dims()[2];
    int columns = x.dims()[3];
    if (row < -1 || row > rows || column < -1 || column > columns) {
      return new Sample(0, 0);
    }
    double y = Math.clamp(row, 0, rows - 1);
    double z = Math.clamp(column, 0, columns - 1);
    int top = (int) y;
    int left = (int) z;
    int bottom = Math.min(top + 1, rows - 1);
    int right = Math.min(left + 1, columns - 1);
    double a = (1 - (y - top)) * (1 - (z - left)) * x.real(plane + top * columns + left);
    double b = (1 - (y - top)) * (z - left) * x.real(plane + top * columns + right);
    double c = (y - top) * (1 - (z - left)) * x.real(plane + bottom * columns + left);
    double d = (y - top) * (z - left) * x.real(plane + bottom * columns + right);
    return new Sample(a + b + c + d, Math.max(Math.max(a, b), Math.max(c, d)));
  }
}
