package dev.lanewise.verify.onnx.operator;

import dev.lanewise.verify.onnx.tensor.Unsupported;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The operators that exist here, by name and version of the operator set. */
public final class Operators {

  private static final Operators ALL = new Operators();

  private final Map<String, NavigableMap<Integer, Operator>> byName = new TreeMap<>();

  private Operators() {
    Constants.register(this);
    Elementwise.register(this);
    Comparisons.register(this);
    Reductions.register(this);
    Reshapes.register(this);
    Movements.register(this);
    Selections.register(this);
    Paddings.register(this);
    Products.register(this);
    Resizes.register(this);
    Orders.register(this);
    Boxes.register(this);
    RoiAligns.register(this);
    ActivationOperators.register(this);
    Softmaxes.register(this);
    Convolutions.register(this);
    Poolings.register(this);
    Normalizations.register(this);
  }

  /**
   * The operator that a model of an operator set means by a name.
   *
   * @throws Unsupported if there is none
   */
  public static Operator find(String name, int opset) {
    NavigableMap<Integer, Operator> versions = ALL.byName.get(name);
    if (versions == null) {
      throw new Unsupported(name);
    }
    Map.Entry<Integer, Operator> newest = versions.floorEntry(opset);
    if (newest == null) {
      throw new Unsupported("%s of operator set %d".formatted(name, opset));
    }
    return newest.getValue();
  }

  /** Enters an operator that means the same in all operator sets, or tells them apart itself. */
  void add(String name, Operator.OfOne operator) {
    add(name, 1, operator);
  }

  /** Enters an operator from a version of the operator set on. */
  void add(String name, int since, Operator.OfOne operator) {
    addMany(name, since, call -> List.of(operator.apply(call)));
  }

  /** Enters an operator of several outputs. */
  void addMany(String name, Operator operator) {
    addMany(name, 1, operator);
  }

  private void addMany(String name, int since, Operator operator) {
    byName.computeIfAbsent(name, any -> new TreeMap<>()).put(since, operator);
  }
}
