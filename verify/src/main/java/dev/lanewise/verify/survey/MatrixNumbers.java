package dev.lanewise.verify.survey;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.plan.ConvOptions;
import dev.lanewise.kernels.plan.ConvPlan;
import dev.lanewise.kernels.plan.PackedFilter;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small matrices correlated and convolved by every algorithm, and pooled. */
final class MatrixNumbers {

  private record Example(String name, String input, String filter, int stride, String result) {}

  private static final String I5 = "33210/00131/31223/20022/20001";
  private static final String I6 = "100001/010010/001100/100010/010010/001010";
  private static final String F1 = "1 -1 -1/-1 1 -1/-1 -1 1";
  private static final String F2 = "-1 1 -1/-1 1 -1/-1 1 -1";
  private static final String I6_F1 = "3 -1 -3 -1/-3 1 0 -3/-3 -3 0 1/3 -2 -2 -1";
  private static final String I6_F2 = "-1 -1 -1 -1/-1 -1 -2 1/-1 -1 -2 1/-1 0 -4 3";

  private static final List<Example> CORRELATIONS =
      List.of(
          new Example("5x5 by 3x3", I5, "012/220/012", 1, "12 12 17/10 17 19/9 6 14"),
          new Example("diagonal filter", I6, F1, 1, I6_F1),
          new Example("diagonal filter, stride 2", I6, F1, 2, "3 -3/-3 0"),
          new Example("column filter", I6, F2, 1, I6_F2),
          new Example("3x3 by 2x2", "012/345/678", "01/23", 1, "19 25/37 43"),
          new Example(
              "binary 5x5 by 3x3",
              "11100/01110/00111/00110/01100",
              "101/010/101",
              1,
              "4 3 4/2 4 3/2 3 4"),
          new Example(
              "digits 5x5 by 3x3",
              "02201/21011/21102/00221/12202",
              "000/001/110",
              1,
              "3 3 2/1 2 6/5 6 3"));

  private MatrixNumbers() {}

  /** The algorithms that sum any 2-D convolution exactly. */
  private static List<Algorithm> summations() {
    ConvShape any = ConvShape.conv2d(1, 2, 5, 4, 1, 3, 2).stride(2);
    return Arrays.stream(Algorithm.values())
        .filter(algorithm -> algorithm.isSummation() && algorithm.objection(any).isEmpty())
        .toList();
  }

  static List<Worked> all() {
    List<Worked> all = new ArrayList<>();
    for (Algorithm algorithm : summations()) {
      for (Example e : CORRELATIONS) {
        String name = "%s, by %s".formatted(e.name, algorithm.label());
        all.add(
            new Worked(
                name, e.result, () -> convolve(e.input, e.filter, e.stride, algorithm, false)));
        all.add(
            new Worked(
                name + ", true convolution by the filter turned round",
                e.result,
                () -> convolve(e.input, turned(e.filter), e.stride, algorithm, true)));
      }
      all.add(
          new Worked(
              "true convolution 3x3 by 2x2, by " + algorithm.label(),
              "5 11/23 29",
              () -> convolve("012/345/678", "01/23", 1, algorithm, true)));
    }
    all.add(new Worked("2x2 max pool, diagonal filter", "3 0/3 1", () -> pool(I6_F1)));
    all.add(new Worked("2x2 max pool, column filter", "-1 1/0 3", () -> pool(I6_F2)));
    return all;
  }

  private static String convolve(
      String inputText, String filterText, int stride, Algorithm algorithm, boolean flipped) {
    Grid input = Grid.of(inputText);
    Grid filter = Grid.of(filterText);
    ConvShape shape =
        ConvShape.conv2d(1, 1, input.height(), input.width(), 1, filter.height(), filter.width())
            .stride(stride);
    ConvPlan plan = ConvPlan.of(shape, ConvOptions.defaults().withAlgorithm(algorithm));
    PackedFilter packed =
        flipped ? plan.packFlipped(filter.values(), null) : plan.pack(filter.values(), null);
    float[] output = new float[plan.outputLength()];
    plan.run(
        Reorder.to(shape.inputDims(), Layout.NCHW, input.values(), Layout.NCHW16C), packed, output);
    int[] dims = shape.outputDims();
    return new Grid(dims[2], dims[3], Reorder.to(dims, Layout.NCHW16C, output, Layout.NCHW))
        .toString();
  }

  private static String turned(String text) {
    Grid grid = Grid.of(text);
    float[] values = grid.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = grid.values()[values.length - 1 - i];
    }
    return new Grid(grid.height(), grid.width(), values).toString();
  }

  private static String pool(String text) {
    Grid grid = Grid.of(text);
    Tensor input = Tensor.of(grid.values(), 1, 1, grid.height(), grid.width());
    Tensor output = Pool.max(2).forward(input, Context.inference(Workers.shared()));
    return new Grid(output.dim(2), output.dim(3), output.values()).toString();
  }
}
