package dev.lanewise.models.onnx.operator;

import dev.lanewise.models.onnx.tensor.Unsupported;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The operators that exist here, by name and version of the operator set. */
final class Operators {

  private static final Operators ALL = new Operators();

  private final Map<String, NavigableMap<Integer, Definition>> plain = new TreeMap<>();
  private final Map<String, NavigableMap<Integer, Translation>> kernels = new TreeMap<>();
  private final Map<String, NavigableMap<Integer, Translation>> translations = new TreeMap<>();

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
    Unpoolings.register(this);
    Normalizations.register(this);
    Sums.register(this);
    MoveTranslations.register(this);
  }

  /**
   * Requires that there is an operator.
   *
   * @throws Unsupported if there is none
   */
  static void require(String name, int opset) {
    if (plain(name, opset).isEmpty() && kernel(name, opset).isEmpty()) {
      boolean later = ALL.plain.containsKey(name) || ALL.kernels.containsKey(name);
      throw new Unsupported(later ? "%s of operator set %d".formatted(name, opset) : name);
    }
  }

  /** The operator by its definition, for any types of known inputs. */
  static Optional<Definition> plain(String name, int opset) {
    return newest(ALL.plain, name, opset);
  }

  /** The operator by the kernels: the one way to compute it where the first input is real. */
  static Optional<Translation> kernel(String name, int opset) {
    return newest(ALL.kernels, name, opset);
  }

  /** A faster way than by the definition, where inputs are open. */
  static Optional<Translation> translation(String name, int opset) {
    return newest(ALL.translations, name, opset);
  }

  private static <T> Optional<T> newest(
      Map<String, NavigableMap<Integer, T>> byName, String name, int opset) {
    return Optional.ofNullable(byName.get(name))
        .map(versions -> versions.floorEntry(opset))
        .map(Map.Entry::getValue);
  }

  /** Enters an operator that means the same in all operator sets, or tells them apart itself. */
  void add(String name, Definition.OfOne operator) {
    addMany(name, call -> List.of(operator.apply(call)));
  }

  /** Enters an operator of several outputs. */
  void addMany(String name, Definition operator) {
    enter(plain, name, 1, operator);
  }

  /** Enters an operator that the kernels compute. */
  void kernel(String name, Translation.OfOne translation) {
    kernel(name, 1, translation);
  }

  /** Enters an operator that the kernels compute, from a version of the operator set on. */
  void kernel(String name, int since, Translation.OfOne translation) {
    kernelMany(name, since, Translation.ofFirst(translation));
  }

  /** Enters an operator of several outputs, or of several open inputs, that the kernels compute. */
  void kernelMany(String name, int since, Translation translation) {
    enter(kernels, name, since, translation);
  }

  /** Enters what an operator of one open input becomes. */
  void translate(String name, Translation.OfOne translation) {
    enter(translations, name, 1, Translation.ofFirst(translation));
  }

  /** Enters what an operator of any open inputs becomes. */
  void translateAny(String name, Translation.OfOne translation) {
    enter(translations, name, 1, Translation.ofAny(translation));
  }

  /** Enters what an operator of several outputs becomes. */
  void translateMany(String name, Translation translation) {
    enter(translations, name, 1, translation);
  }

  private static <T> void enter(
      Map<String, NavigableMap<Integer, T>> byName, String name, int since, T entry) {
    byName.computeIfAbsent(name, any -> new TreeMap<>()).put(since, entry);
  }
}
