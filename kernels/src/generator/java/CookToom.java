import java.util.List;
import java.util.stream.IntStream;

/**
 * The algorithm of Cook and Toom, transposed: {@code m} outputs of a correlation with {@code r}
 * taps from {@code m + r - 1} products, derived in exact rational arithmetic.
 *
 * <pre>y = A^T ((G g) * (B^T d))</pre>
 *
 * <p>With finite points p and M(x) the product of x - p: row p of B^T has the coefficients of M(x)
 * / (x - p), the last row, of the point infinity, those of M(x); row p of G is (1, p, p^2 ...) /
 * M'(p) and the last (0 ... 0, 1); column p of A^T is (1, p, p^2 ...) and the last (0 ... 0, 1).
 * See Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016, and Blahut, "Fast
 * algorithms for signal processing", chapter 5.
 *
 * @param outputs {@code m}
 * @param taps {@code r}
 * @param points the {@code m + r - 2} finite points
 */
record CookToom(int outputs, int taps, List<Fraction> points) {

  CookToom {
    if (points.size() != outputs + taps - 2) {
      throw new IllegalArgumentException(
          "F(%d, %d) needs %d finite points, not %d"
              .formatted(outputs, taps, outputs + taps - 2, points.size()));
    }
  }

  /** Products, and elements of a window of the input. */
  int products() {
    return outputs + taps - 1;
  }

  /** {@code A^T}: {@code [outputs][products]}. */
  Fraction[][] output() {
    return matrix(
        outputs, products(), (i, p) -> isInfinity(p) ? unit(i, outputs) : points.get(p).power(i));
  }

  /** {@code G}: {@code [products][taps]}. */
  Fraction[][] filter() {
    return matrix(
        products(),
        taps,
        (p, j) -> isInfinity(p) ? unit(j, taps) : points.get(p).power(j).over(derivative(p)));
  }

  /** {@code B^T}: {@code [products][elements]}. */
  Fraction[][] input() {
    return matrix(products(), products(), (p, i) -> Polynomial.withRoots(others(p)).coefficient(i));
  }

  private interface Entry {
    Fraction at(int row, int column);
  }

  private static Fraction[][] matrix(int rows, int columns, Entry entry) {
    return IntStream.range(0, rows)
        .mapToObj(
            row ->
                IntStream.range(0, columns)
                    .mapToObj(column -> entry.at(row, column))
                    .toArray(Fraction[]::new))
        .toArray(Fraction[][]::new);
  }

  private boolean isInfinity(int p) {
    return p == points.size();
  }

  /** One in the last of {@code size} places. */
  private static Fraction unit(int place, int size) {
    return place == size - 1 ? Fraction.ONE : Fraction.ZERO;
  }

  private List<Fraction> others(int p) {
    return IntStream.range(0, points.size()).filter(q -> q != p).mapToObj(points::get).toList();
  }

  /** M'(p). */
  private Fraction derivative(int p) {
    return others(p).stream()
        .map(q -> points.get(p).minus(q))
        .reduce(Fraction.ONE, Fraction::times);
  }
}
