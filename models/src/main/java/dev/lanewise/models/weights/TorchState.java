package dev.lanewise.models.weights;

import dev.lanewise.nn.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors by name in what a checkpoint holds. */
final class TorchState {

  /** Under which name a checkpoint keeps the network's tensors beside other things. */
  private static final List<String> WRAPPERS =
      List.of("state_dict", "model_state_dict", "model_state", "model", "net", "network", "params");

  private static final int MOST_WRAPPERS = 4;

  /** Floats that a file may become, in its own size: bytes become four, and views may overlap. */
  private static final long MOST_EXPANDED = 16;

  /** Gives all bytes that a file has of a storage. */
  @FunctionalInterface
  interface Source {
    /** Reads {@link TorchStorage#bytes()} bytes. */
    byte[] bytes(TorchStorage storage) throws IOException;
  }

  private final Map<String, TorchView> views;

  private TorchState(Map<String, TorchView> views) {
    this.views = views;
  }

  /**
   * Finds the dictionary of tensors: the pickle's object itself, or what it has as {@code
   * state_dict} or by another usual name.
   *
   * @throws IOException if there is none, or its tensors need too many times the file's size
   */
  static TorchState of(Object root, long fileSize, String file) throws IOException {
    Object holder = root;
    for (int depth = 0; depth < MOST_WRAPPERS && holder instanceof Map<?, ?> map; depth++) {
      Object inner =
          WRAPPERS.stream().map(map::get).filter(Map.class::isInstance).findFirst().orElse(null);
      if (inner == null) {
        break;
      }
      holder = inner;
    }
    if (!(holder instanceof Map<?, ?> map)) {
      throw new IOException(
          "%s: holds a %s, not a dictionary of tensors".formatted(file, Pickle.kind(holder)));
    }
    Map<String, TorchView> views = new LinkedHashMap<>();
    long elements = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getKey() instanceof String name && entry.getValue() instanceof TorchView view) {
        views.put(name, view);
        elements += view.elements();
      }
    }
    if (views.isEmpty()) {
      throw new IOException(
          "%s: no tensors by name in it, nor in one of %s".formatted(file, WRAPPERS));
    }
    if (elements * Float.BYTES > fileSize * MOST_EXPANDED) {
      throw new IOException(
          "%s: its tensors have %,d elements, more than %d times what a file of %,d bytes holds"
              .formatted(file, elements, MOST_EXPANDED, fileSize));
    }
    return new TorchState(views);
  }

  /** The tensors in the dictionary's order; each storage is read once, one at a time. */
  Map<String, Tensor> tensors(Source source) throws IOException {
    Map<String, List<String>> byStorage = new LinkedHashMap<>();
    views.forEach(
        (name, view) ->
            byStorage.computeIfAbsent(view.storage().key(), _ -> new ArrayList<>()).add(name));
    Map<String, Tensor> read = new HashMap<>();
    for (List<String> names : byStorage.values()) {
      byte[] bytes = source.bytes(views.get(names.getFirst()).storage());
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      names.forEach(name -> read.put(name, views.get(name).tensor(buffer)));
    }
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    views.keySet().forEach(name -> ordered.put(name, read.get(name)));
    return ordered;
  }
}
