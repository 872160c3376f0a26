package dev.lanewise.models.weights;

import dev.lanewise.models.weights.Pickle.Tuple;
import dev.lanewise.nn.io.ElementType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A class or function that a pickle may name: those of PyTorch's dictionaries of tensors alone. */
sealed interface TorchGlobal {

  /** {@code collections.OrderedDict}. */
  record OrderedDict() implements TorchGlobal {}

  /** {@code torch.Size} and {@code torch.device}: their arguments are kept, nothing else. */
  record Inert() implements TorchGlobal {}

  /** {@code torch._utils._rebuild_tensor} and its successor. */
  record Rebuild() implements TorchGlobal {}

  /** {@code torch._utils._rebuild_parameter}. */
  record Parameter() implements TorchGlobal {}

  /** {@code torch.FloatStorage} and its like. */
  record Storage(ElementType type) implements TorchGlobal {}

  /**
   * The global of a name.
   *
   * @throws IOException if it is any other than those above, naming it
   */
  static TorchGlobal of(String module, String name, Pickle pickle) throws IOException {
    Optional<ElementType> type =
        module.equals("torch")
            ? Optional.ofNullable(TorchStorage.TYPES.get(name))
            : Optional.empty();
    if (type.isPresent()) {
      return new Storage(type.get());
    }
    return switch (module + "." + name) {
      case "collections.OrderedDict" -> new OrderedDict();
      case "torch.Size", "torch.device" -> new Inert();
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> new Rebuild();
      case "torch._utils._rebuild_parameter" -> new Parameter();
      default ->
          throw pickle.fault(
              ("names %s, which is not among the few that a dictionary of tensors needs and that"
                      + " are safe to read; save the model's state_dict() alone")
                  .formatted(quoted(module + "." + name)));
    };
  }

  /** A name from a file, short and without characters that would disturb a terminal. */
  private static String quoted(String name) {
    String plain = name.replaceAll("\\p{C}", "?");
    return "'" + (plain.length() > 100 ? plain.substring(0, 100) + "..." : plain) + "'";
  }

  /** The tensor that is rebuilt from storage, offset, sizes, strides and what matters not here. */
  static TorchView view(List<Object> arguments, Pickle pickle) throws IOException {
    if (arguments.size() < 4
        || !(arguments.get(0) instanceof TorchStorage storage)
        || !(arguments.get(1) instanceof Long offset)) {
      throw pickle.fault("rebuilds a tensor from something else than a storage and an offset");
    }
    List<Long> sizes = numbers(arguments.get(2), pickle);
    List<Long> strides = numbers(arguments.get(3), pickle);
    try {
      return TorchView.of(storage, offset, sizes, strides);
    } catch (IOException lie) {
      throw pickle.fault("has " + lie.getMessage());
    }
  }

  private static List<Long> numbers(Object tuple, Pickle pickle) throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (tuple instanceof Tuple(List<Object> items)) {
      // A torch.Size is a call with one tuple.
      List<Object> values =
          items.size() == 1 && items.getFirst() instanceof Tuple(List<Object> inner)
              ? inner
              : items;
      for (Object value : values) {
        if (!(value instanceof Long number)) {
          throw pickle.fault("has a %s among sizes or strides".formatted(Pickle.kind(value)));
        }
        numbers.add(number);
      }
      return numbers;
    }
    throw pickle.fault("has a %s as sizes or strides".formatted(Pickle.kind(tuple)));
  }

  /** The tensor of a parameter. */
  static TorchView parameter(List<Object> arguments, Pickle pickle) throws IOException {
    if (!arguments.isEmpty() && arguments.getFirst() instanceof TorchView view) {
      return view;
    }
    throw pickle.fault("makes a parameter of something else than a tensor");
  }

  /**
   * The storage of a reference: {@code ("storage", class, key, device, elements)}, in the older
   * files with a sixth item, None or {@code (key, offset, elements)} of a part of that storage.
   */
  static TorchStorage storage(Object reference, Pickle pickle) throws IOException {
    if (!(reference instanceof Tuple(List<Object> items))
        || items.size() < 5
        || !(items.get(0) instanceof String kind)
        || !kind.equals("storage")
        || !(items.get(1) instanceof Storage(ElementType type))
        || !(items.get(2) instanceof String key)
        || !(items.get(4) instanceof Long total)) {
      throw pickle.fault("refers to something else than a storage");
    }
    if (total < 0 || total * type.bytes() > Integer.MAX_VALUE - 8) {
      throw pickle.fault("has storage %s of %d elements; 0 to 2 GB are read".formatted(key, total));
    }
    int elements = total.intValue();
    if (items.size() == 5 || items.get(5) instanceof Pickle.None) {
      return new TorchStorage(key, type, elements, 0, elements);
    }
    if (items.get(5) instanceof Tuple(List<Object> part)
        && part.size() == 3
        && part.get(1) instanceof Long first
        && part.get(2) instanceof Long length
        && first >= 0
        && length >= 0
        && first <= elements - length) {
      return new TorchStorage(key, type, elements, first.intValue(), length.intValue());
    }
    throw pickle.fault("has a part of storage %s that is not within it".formatted(key));
  }
}
