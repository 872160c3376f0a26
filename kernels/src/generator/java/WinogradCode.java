import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The data transforms of {@link CookToom} with few operations.
 *
 * <p>Points are grouped: 0 with infinity, and the others in pairs. B^T d at the points of a group
 * is d filtered by the polynomial of all other groups and then combined within the group; halving
 * the list of groups again and again shares the filtered values (16 operations instead of 26 for
 * six points). In A^T a pair p, -p needs only its sum for even powers and its difference for odd.
 */
final class WinogradCode {

  /** A pair of points; of the first group they are 0 and infinity. */
  private record Group(int first, int second, boolean infinite) {}

  /** Taps of the kernels for which A takes over factors of G. */
  private static final int FACTORED_TAPS = 3;

  private final CookToom algorithm;
  private final List<Group> groups = new ArrayList<>();

  WinogradCode(CookToom algorithm) {
    this.algorithm = algorithm;
    int infinity = algorithm.points().size();
    groups.add(new Group(0, infinity, true));
    for (int p = 1; p < infinity; p += 2) {
      groups.add(new Group(p, p + 1, false));
    }
  }

  private Fraction point(int p) {
    return algorithm.points().get(p);
  }

  /** {@code B^T}: from the elements of a window to its products. */
  LinearCode input() {
    int n = algorithm.products();
    LinearCode code = new LinearCode(n);
    Map<Integer, Integer> rows = new HashMap<>();
    rows(code, IntStream.range(0, n).boxed().toList(), groups, rows);
    code.setOutputs(IntStream.range(0, n).mapToObj(rows::get).toList());
    return code;
  }

  private void rows(
      LinearCode code, List<Integer> values, List<Group> part, Map<Integer, Integer> rows) {
    if (part.size() == 1) {
      Group group = part.getFirst();
      if (group.infinite) {
        rows.put(group.first, values.get(0));
        rows.put(group.second, values.get(1));
      } else {
        rows.put(group.first, other(code, values, group.second));
        rows.put(group.second, other(code, values, group.first));
      }
    } else {
      // An odd pair, such as 1/2 and -2, goes with the first group: its filter is the longer one.
      List<Group> left = new ArrayList<>(List.of(part.getFirst()));
      List<Group> right = new ArrayList<>();
      part.subList(1, part.size()).forEach(g -> (isEven(g) ? right : left).add(g));
      if (right.isEmpty()) {
        right.add(left.removeLast());
      }
      while (right.size() > left.size() + 1 || left.isEmpty()) {
        left.add(right.removeFirst());
      }
      rows(code, filter(code, values, right, left), left, rows);
      rows(code, filter(code, values, left, right), right, rows);
    }
  }

  private boolean isEven(Group group) {
    return !group.infinite && point(group.first).equals(point(group.second).negate());
  }

  /** The values of the window times x - p. */
  private int other(LinearCode code, List<Integer> values, int p) {
    return code.combine(
        List.of(
            new LinearCode.Term(Fraction.ONE, values.get(1)),
            new LinearCode.Term(point(p).negate(), values.get(0))));
  }

  /** As many values as the groups {@code keep} need, filtered by the polynomial of the others. */
  private List<Integer> filter(
      LinearCode code, List<Integer> values, List<Group> others, List<Group> keep) {
    List<Fraction> roots = new ArrayList<>();
    for (Group group : others) {
      roots.add(point(group.first));
      if (!group.infinite) {
        roots.add(point(group.second));
      }
    }
    Polynomial polynomial = Polynomial.withRoots(roots);
    List<Integer> filtered = new ArrayList<>();
    for (int i = 0; i < 2 * keep.size(); i++) {
      List<LinearCode.Term> terms = new ArrayList<>();
      for (int k = polynomial.degree(); k >= 0; k--) {
        terms.add(new LinearCode.Term(polynomial.coefficient(k), values.get(i + k)));
      }
      filtered.add(code.combine(terms));
    }
    return filtered;
  }

  /** {@code A^T}: from the products to the outputs. */
  LinearCode output() {
    LinearCode code = new LinearCode(algorithm.products());
    List<List<LinearCode.Term>> sums = new ArrayList<>();
    for (int i = 0; i < algorithm.outputs(); i++) {
      sums.add(new ArrayList<>());
    }
    for (Group group : groups) {
      if (group.infinite) {
        sums.getFirst().add(new LinearCode.Term(Fraction.ONE, group.first));
        sums.getLast().add(new LinearCode.Term(Fraction.ONE, group.second));
      } else if (isEven(group)) {
        int even = code.sum(group.first, group.second);
        int odd = code.difference(group.first, group.second);
        addPowers(sums, group.first, i -> i % 2 == 0 ? even : odd);
      } else {
        addPowers(sums, group.first, i -> group.first);
        addPowers(sums, group.second, i -> group.second);
      }
    }
    code.setOutputs(sums.stream().map(code::combine).toList());
    return code;
  }

  /**
   * What a row of G has in common, {@code 1 / M'(p)}, where A takes it over in the gradient by
   * filter: a tile's gradient is transformed once, but each sum of products by itself. With 3 taps
   * most of what is left of G^T are sums and differences.
   */
  private Fraction factor(int p) {
    boolean taken = algorithm.taps() == FACTORED_TAPS && p < algorithm.points().size();
    return taken ? algorithm.filter()[p][0] : Fraction.ONE;
  }

  /**
   * {@code A}: from the gradient of a tile's outputs to that of its products, with what {@link
   * #factor} takes over from G.
   */
  LinearCode gradient() {
    int outputs = algorithm.outputs();
    LinearCode code = new LinearCode(outputs);
    Integer[] products = new Integer[algorithm.products()];
    for (Group group : groups) {
      Fraction first = factor(group.first);
      Fraction second = factor(group.second);
      boolean same = second.equals(first);
      if (group.infinite) {
        products[group.first] = code.combine(List.of(new LinearCode.Term(first, 0)));
        products[group.second] = outputs - 1;
      } else if (isEven(group) && (same || second.equals(first.negate()))) {
        int even = code.combine(powers(group.first, 0, 2));
        int odd = code.combine(powers(group.first, 1, 2));
        products[group.first] = code.sum(even, odd);
        products[group.second] = same ? code.difference(even, odd) : code.difference(odd, even);
      } else {
        products[group.first] = code.combine(powers(group.first, 0, 1));
        products[group.second] = code.combine(powers(group.second, 0, 1));
      }
    }
    code.setOutputs(List.of(products));
    return code;
  }

  /** The outputs {@code first, first + step ...}, each times that power of a point, factored. */
  private List<LinearCode.Term> powers(int p, int first, int step) {
    List<LinearCode.Term> terms = new ArrayList<>();
    for (int i = first; i < algorithm.outputs(); i += step) {
      terms.add(new LinearCode.Term(point(p).power(i).times(factor(p)), i));
    }
    return terms;
  }

  /** {@code G^T} without the {@link #factor}: from the gradient of the products to the taps'. */
  LinearCode filterGradient() {
    LinearCode code = new LinearCode(algorithm.products());
    Fraction[][] filter = algorithm.filter();
    List<List<LinearCode.Term>> taps = new ArrayList<>();
    for (int tap = 0; tap < algorithm.taps(); tap++) {
      taps.add(new ArrayList<>());
    }
    for (Group group : groups) {
      Fraction[] first = row(filter, group.first);
      Fraction[] second = row(filter, group.second);
      boolean same = first[0].equals(second[0]);
      if (!group.infinite && isEven(group) && (same || first[0].equals(second[0].negate()))) {
        int sum = code.sum(group.first, group.second);
        int difference = code.difference(group.first, group.second);
        for (int tap = 0; tap < taps.size(); tap++) {
          int value = (tap % 2 == 0) == same ? sum : difference;
          taps.get(tap).add(new LinearCode.Term(first[tap], value));
        }
      } else {
        for (int tap = 0; tap < taps.size(); tap++) {
          taps.get(tap).add(new LinearCode.Term(first[tap], group.first));
          taps.get(tap).add(new LinearCode.Term(second[tap], group.second));
        }
      }
    }
    code.setOutputs(taps.stream().map(code::combine).toList());
    return code;
  }

  private Fraction[] row(Fraction[][] filter, int p) {
    return Stream.of(filter[p]).map(entry -> entry.over(factor(p))).toArray(Fraction[]::new);
  }

  private interface Values {
    int at(int power);
  }

  private void addPowers(List<List<LinearCode.Term>> sums, int p, Values values) {
    for (int i = 0; i < sums.size(); i++) {
      sums.get(i).add(new LinearCode.Term(point(p).power(i), values.at(i)));
    }
  }
}
