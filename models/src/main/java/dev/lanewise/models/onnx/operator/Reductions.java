package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Reductions along axes to one number, or to where that number stands. */
final class Reductions {

  /**
   * How a row becomes one number.
   *
   * @param start what an empty row of floating point numbers gives
   * @param reals takes the next number in
   * @param finish from that and the number of elements to the result
   * @param fromFirst whether whole numbers start from the first, so that an empty row has no result
   * @param wholes likewise for whole numbers
   * @param finishWholes likewise
   */
  private record Reduction(
      double start,
      DoubleBinaryOperator reals,
      DoubleBinaryOperator finish,
      boolean fromFirst,
      LongBinaryOperator wholes,
      LongBinaryOperator finishWholes) {

    static Reduction sum(DoubleBinaryOperator reals, LongBinaryOperator wholes) {
      return new Reduction(0, reals, (sum, n) -> sum, false, wholes, (sum, n) -> sum);
    }

    static Reduction fold(double start, DoubleBinaryOperator reals, LongBinaryOperator wholes) {
      return new Reduction(start, reals, (fold, n) -> fold, true, wholes, (fold, n) -> fold);
    }

    Reduction finished(DoubleBinaryOperator value) {
      return new Reduction(
          start,
          reals,
          value,
          fromFirst,
          wholes,
          (sum, n) -> (long) value.applyAsDouble((double) sum, (double) n));
    }
  }

  private static final Reduction SUM = Reduction.sum(Double::sum, Long::sum);
  private static final Reduction SQUARES =
      Reduction.sum((sum, x) -> sum + x * x, (sum, x) -> sum + x * x);
  private static final Reduction MAGNITUDES =
      Reduction.sum((sum, x) -> sum + Math.abs(x), (sum, x) -> sum + Math.abs(x));
  private static final Reduction EXPONENTIALS =
      Reduction.sum((sum, x) -> sum + Math.exp(x), Long::sum);
  private static final Reduction MAX =
      Reduction.fold(Double.NEGATIVE_INFINITY, Math::max, Math::max);
  private static final Reduction MIN =
      Reduction.fold(Double.POSITIVE_INFINITY, Math::min, Math::min);
  private static final Reduction PRODUCT = Reduction.fold(1, (a, b) -> a * b, (a, b) -> a * b);

  private Reductions() {}

  static void register(Operators operators) {
    operators.add("ReduceSum", call -> reduce(call, SUM));
    operators.add("ReduceSumSquare", call -> reduce(call, SQUARES));
    operators.add("ReduceMean", call -> reduce(call, SUM.finished((sum, n) -> sum / n)));
    operators.add("ReduceL1", call -> reduce(call, MAGNITUDES));
    operators.add("ReduceL2", call -> reduce(call, SQUARES.finished((sum, n) -> Math.sqrt(sum))));
    operators.add("ReduceLogSum", call -> reduce(call, SUM.finished((sum, n) -> Math.log(sum))));
    operators.add(
        "ReduceLogSumExp", call -> reduce(call, EXPONENTIALS.finished((sum, n) -> Math.log(sum))));
    operators.add("ReduceMax", call -> reduce(call, MAX));
    operators.add("ReduceMin", call -> reduce(call, MIN));
    operators.add("ReduceProd", call -> reduce(call, PRODUCT));
    operators.add("ArgMax", call -> select(call, 1));
    operators.add("ArgMin", call -> select(call, -1));
  }

  private static OnnxTensor reduce(Call call, Reduction reduction) {
    OnnxTensor x = call.input(0);
    int[] axes = axes(call, x.rank());
    if (axes.length == 0) {
      return x;
    }
    Rows rows = Rows.along(x, axes);
    int[] dims = rows.resultDims(call.flag("keepdims", true));
    return x.isReal() ? reals(rows, reduction, dims) : wholes(rows, reduction, dims);
  }

  /** The axes to reduce, none to leave all as it is. */
  static int[] axes(Call call, int rank) {
    int[] axes = call.integers("axes", 1).orElse(new int[0]);
    if (axes.length == 0) {
      return call.flag("noop_with_empty_axes", false) ? axes : Shapes.range(rank);
    }
    return Shapes.axes(axes, rank);
  }

  private static OnnxTensor reals(Rows rows, Reduction reduction, int... dims) {
    double[] results = new double[rows.count()];
    for (int row = 0; row < results.length; row++) {
      double result = reduction.start();
      for (int i = 0; i < rows.length(); i++) {
        result =
            reduction.reals().applyAsDouble(result, rows.tensor().real(row * rows.length() + i));
      }
      results[row] = reduction.finish().applyAsDouble(result, rows.length());
    }
    return OnnxTensor.ofReals(rows.tensor().type(), results, dims);
  }

  private static OnnxTensor wholes(Rows rows, Reduction reduction, int... dims) {
    int first = reduction.fromFirst() ? 1 : 0;
    Check.that(
        rows.length() >= first || rows.count() == 0,
        "%s has nothing to reduce along the axes",
        rows.tensor());
    long[] results = new long[rows.count()];
    for (int row = 0; row < results.length; row++) {
      int start = row * rows.length();
      long result = reduction.fromFirst() ? rows.tensor().whole(start) : 0;
      for (int i = first; i < rows.length(); i++) {
        result = reduction.wholes().applyAsLong(result, rows.tensor().whole(start + i));
      }
      results[row] = reduction.finishWholes().applyAsLong(result, rows.length());
    }
    return OnnxTensor.ofWholes(rows.tensor().type(), results, dims);
  }

  /** Where the greatest (sign 1) or least (sign -1) element of each row stands. */
  private static OnnxTensor select(Call call, int sign) {
    OnnxTensor x = call.input(0);
    int axis = Shapes.axis(call.integer("axis", 0), x.rank());
    boolean last = call.flag("select_last_index", false);
    Rows rows = Rows.along(x, axis);
    long[] places = new long[rows.count()];
    Check.that(rows.length() > 0, "%s of an empty axis %d of %s", call.operator(), axis, x);
    for (int row = 0; row < places.length; row++) {
      int start = row * rows.length();
      int best = 0;
      for (int i = 1; i < rows.length(); i++) {
        int order = sign * Orders.compare(rows.tensor(), start + i, start + best);
        best = order > 0 || (order == 0 && last) ? i : best;
      }
      places[row] = best;
    }
    int[] dims = rows.resultDims(call.flag("keepdims", true));
    return OnnxTensor.ofWholes(ElementType.INT64, places, dims);
  }
}
