package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What sorts elements. */
final class Orders {

  private Orders() {}

  static void register(Operators operators) {
    operators.addMany("TopK", Orders::topK);
  }

  /** Compares two elements of a tensor. */
  static int compare(OnnxTensor tensor, int a, int b) {
    return tensor.isReal()
        ? Double.compare(tensor.real(a), tensor.real(b))
        : Long.compare(tensor.whole(a), tensor.whole(b));
  }

  /** Of equal elements the first comes first, which ONNX demands. */
  private static List<OnnxTensor> topK(Call call) {
    OnnxTensor x = call.input(0);
    int axis = Shapes.axis(call.integer("axis", -1), x.rank());
    int k = call.opset() < 10 ? call.integer("k", -1) : Constants.single("k", call.input(1));
    Check.that(k >= 0 && k <= x.dims()[axis], "TopK of k=%d along axis %d of %s", k, axis, x);
    Rows rows = Rows.along(x, axis);
    int[] sources = new int[rows.count() * k];
    for (int row = 0; row < rows.count(); row++) {
      int start = row * rows.length();
      Comparator<Integer> ascending = (a, b) -> compare(rows.tensor(), start + a, start + b);
      Comparator<Integer> order = call.flag("largest", true) ? ascending.reversed() : ascending;
      int[] best =
          IntStream.range(0, rows.length())
              .boxed()
              .sorted(order)
              .limit(k)
              .mapToInt(i -> start + i)
              .toArray();
      System.arraycopy(best, 0, sources, row * k, k);
    }
    int[] dims = rows.tensor().dims().clone();
    dims[dims.length - 1] = k;
    OnnxTensor values = rows.tensor().pick(dims, i -> sources[i]);
    long[] places = IntStream.of(sources).mapToLong(source -> source % rows.length()).toArray();
    OnnxTensor indices = OnnxTensor.ofWholes(ElementType.INT64, places, dims);
    return List.of(Rows.restored(axis, values), Rows.restored(axis, indices));
  }
}
