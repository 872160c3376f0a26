import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A polynomial with exact coefficients, the constant one first. */
record Polynomial(List<Fraction> coefficients) {

  static final Polynomial ONE = of(Fraction.ONE);

  Polynomial {
    coefficients = List.copyOf(coefficients);
  }

  static Polynomial of(Fraction... coefficients) {
    return new Polynomial(Arrays.asList(coefficients));
  }

  /** The product of {@code x - root} over all roots. */
  static Polynomial withRoots(List<Fraction> roots) {
    Polynomial product = ONE;
    for (Fraction root : roots) {
      product = product.times(of(root.negate(), Fraction.ONE));
    }
    return product;
  }

  int degree() {
    return coefficients.size() - 1;
  }

  Fraction coefficient(int power) {
    return power <= degree() ? coefficients.get(power) : Fraction.ZERO;
  }

  Polynomial times(Polynomial other) {
    List<Fraction> product = new ArrayList<>();
    for (int power = 0; power <= degree() + other.degree(); power++) {
      Fraction sum = Fraction.ZERO;
      for (int i = 0; i <= power; i++) {
        sum = sum.plus(coefficient(i).times(other.coefficient(power - i)));
      }
      product.add(sum);
    }
    return new Polynomial(product);
  }
}
