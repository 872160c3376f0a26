package dev.lanewise.models.onnx.operator;

import dev.lanewise.kernels.gemm.Gemm;
import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.kernels.shape.Check;
import dev.lanewise.models.onnx.tensor.ElementType;
import dev.lanewise.models.onnx.tensor.Limits;
import dev.lanewise.models.onnx.tensor.OnnxTensor;
import dev.lanewise.models.onnx.tensor.Shapes;
import dev.lanewise.models.onnx.tensor.Tensors;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.op.MatMul;
import java.util.Arrays;
import java.util.Optional;

/** Products of matrices: floats by {@link Gemm}, other types by the definition. */
final class Products {

  private Products() {}

  static void register(Operators operators) {
    operators.add("MatMul", call -> matMul(call, call.input(0), call.input(1)));
    operators.add("MatMulInteger", Products::matMulInteger);
    operators.add("Gemm", Products::gemm);
    operators.translateAny("MatMul", Products::openMatMul);
    operators.translate("Gemm", Products::openGemm);
  }

  /** Rows times a known matrix, which is a dense layer, or matrices times matrices. */
  private static Operand openMatMul(Call call, Nodes nodes) {
    int[] a = call.operand(0).dims();
    int[] b = call.operand(1).dims();
    boolean fits =
        call.operand(0).type().isReal()
            && a.length >= 2
            && b.length >= 2
            && a[a.length - 1] == b[b.length - 2]
            && (b.length == 2
                || (a.length == b.length && Arrays.equals(a, 0, a.length - 2, b, 0, b.length - 2)));
    if (!fits) {
      return null;
    }
    int[] dims = a.clone();
    dims[dims.length - 1] = b[b.length - 1];
    if (a.length == 2 && b.length == 2 && call.knownAfterFirst()) {
      Tensor zeros = Tensor.zeros(dims[1]);
      Tensor weight = call.parameter(1, given -> Tensors.of(Rows.permuted(given, 1, 0)));
      return nodes.add(call, new Operator.Linear(weight, zeros), dims, call.open());
    }
    return nodes.all(
        call, dims, (read, context) -> MatMul.apply(read.getFirst(), read.getLast(), context));
  }

  private static Operand openGemm(Call call, Nodes nodes) {
    Operand.Open x = call.open();
    int[] dims = x.dims();
    OnnxTensor matrix = matrix(call, 1, "transB");
    boolean plain = x.type().isReal() && !call.flag("transA", false);
    if (!plain || dims.length != 2 || matrix.dims()[0] != dims[1]) {
      return null;
    }
    int outputs = matrix.dims()[1];
    float alpha = call.real("alpha", 1);
    float beta = call.real("beta", 1);
    int[] result = {dims[0], outputs};
    Tensor bias = Tensor.zeros(outputs);
    if (call.optional(2).isPresent()) {
      int[] addend = call.input(2).dims();
      if (addend.length > 2 || (addend.length == 2 && addend[0] != 1)) {
        return null;
      }
      bias =
          call.parameter(
              2, given -> row(Shapes.expand(scaled(given, beta), with(rowOf(given), outputs))));
    }
    Tensor weight =
        call.parameter(1, given -> Tensors.of(scaled(Rows.permuted(matrix, 1, 0), alpha)));
    return nodes.add(call, new Operator.Linear(weight, bias), result, x);
  }

  private static int[] rowOf(OnnxTensor addend) {
    return addend.rank() == 2 ? new int[] {1} : new int[0];
  }

  private static Tensor row(OnnxTensor tensor) {
    return Tensor.of(tensor.floats(), tensor.size());
  }

  private static OnnxTensor gemm(Call call) {
    OnnxTensor a = matrix(call, 0, "transA");
    OnnxTensor b = matrix(call, 1, "transB");
    OnnxTensor product = scaled(matMul(call, a, b), call.real("alpha", 1));
    Optional<OnnxTensor> c = call.optional(2);
    if (c.isEmpty()) {
      return product;
    }
    OnnxTensor addend = Shapes.expand(scaled(c.get(), call.real("beta", 1)), product.dims());
    return Elementwise.combine(product, addend, Double::sum, Long::sum);
  }

  private static OnnxTensor matrix(Call call, int input, String transposed) {
    OnnxTensor matrix = call.input(input);
    Check.that(matrix.rank() == 2, "Gemm of %s", matrix);
    return call.flag(transposed, false) ? Rows.permuted(matrix, 1, 0) : matrix;
  }

  private static OnnxTensor scaled(OnnxTensor x, float factor) {
    return factor == 1
        ? x
        : Elementwise.map(x, value -> value * factor, value -> (long) (value * factor));
  }

  /** NumPy's rule: vectors become matrices of one row or column, further dimensions broadcast. */
  private static OnnxTensor matMul(Call call, OnnxTensor a, OnnxTensor b) {
    Check.that(
        a.rank() >= 1 && b.rank() >= 1 && a.type() == b.type(),
        "matrix product of %s and %s",
        a,
        b);
    OnnxTensor left = a.rank() == 1 ? a.withDims(1, a.size()) : a;
    OnnxTensor right = b.rank() == 1 ? b.withDims(b.size(), 1) : b;
    int m = left.dims()[left.rank() - 2];
    int k = left.dims()[left.rank() - 1];
    int n = right.dims()[right.rank() - 1];
    Check.that(
        right.dims()[right.rank() - 2] == k, "matrix product of %s and %s: %d terms", a, b, k);
    int[] batch =
        Shapes.broadcast(
            Arrays.copyOf(left.dims(), left.rank() - 2),
            Arrays.copyOf(right.dims(), right.rank() - 2));
    left = Shapes.expand(left, with(batch, m, k));
    right = Shapes.expand(right, with(batch, k, n));
    OnnxTensor product = batched(call, left, right, m, n, k, with(batch, m, n));
    int[] dims = batch;
    dims = a.rank() == 1 ? dims : with(dims, m);
    return product.withDims(b.rank() == 1 ? dims : with(dims, n));
  }

  private static int[] with(int[] dims, int... more) {
    int[] joined = Arrays.copyOf(dims, dims.length + more.length);
    System.arraycopy(more, 0, joined, dims.length, more.length);
    return joined;
  }

  private static OnnxTensor batched(
      Call call, OnnxTensor a, OnnxTensor b, int m, int n, int k, int... dims) {
    int size = Limits.elements(dims);
    call.spend(size, k);
    if (a.type() == ElementType.FLOAT && size > 0 && k > 0) {
      return floats(a, b, m, n, k, size, dims);
    }
    double[] reals = new double[a.isReal() ? size : 0];
    long[] wholes = new long[a.isReal() ? 0 : size];
    for (int i = 0; i < size; i++) {
      int row = i / n * k;
      int column = i / (m * n) * k * n + i % n;
      for (int t = 0; t < k; t++) {
        if (a.isReal()) {
          reals[i] += a.real(row + t) * b.real(column + t * n);
        } else {
          wholes[i] += a.whole(row + t) * b.whole(column + t * n);
        }
      }
    }
    return a.isReal()
        ? OnnxTensor.ofReals(a.type(), reals, dims)
        : OnnxTensor.ofWholes(a.type(), wholes, dims);
  }

  private static OnnxTensor floats(
      OnnxTensor a, OnnxTensor b, int m, int n, int k, int size, int... dims) {
    float[] left = a.floats();
    float[] right = b.floats();
    float[] product = new float[size];
    for (int batch = 0; batch < size / (m * n); batch++) {
      Gemm.multiply(
          false,
          false,
          m,
          n,
          k,
          left,
          batch * m * k,
          k,
          right,
          batch * k * n,
          n,
          0,
          product,
          batch * m * n,
          n,
          Workers.shared());
    }
    return OnnxTensor.ofFloats(ElementType.FLOAT, product, dims);
  }

  private static OnnxTensor matMulInteger(Call call) {
    OnnxTensor a = shifted(call.input(0), call.optional(2), true);
    OnnxTensor b = shifted(call.input(1), call.optional(3), false);
    return matMul(call, a, b);
  }

  /** Less its zero point: one number, or one for each row of the left or column of the right. */
  private static OnnxTensor shifted(OnnxTensor x, Optional<OnnxTensor> zero, boolean rows) {
    OnnxTensor wide = x.cast(ElementType.INT32);
    if (zero.isEmpty()) {
      return wide;
    }
    OnnxTensor point = zero.get().cast(ElementType.INT32);
    if (rows && point.rank() == 1 && point.size() > 1) {
      point = point.withDims(point.size(), 1);
    }
    point = Shapes.expand(point, wide.dims());
    return Elementwise.combine(wide, point, (p, q) -> p - q, (p, q) -> p - q);
  }
}
