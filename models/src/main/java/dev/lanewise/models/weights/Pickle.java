package dev.lanewise.models.weights;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads pickles, Python's serialised objects, as far as PyTorch's dictionaries of tensors need
 * them.
 *
 * <p>A pickle is a program for a machine with a stack (Python's {@code pickletools} documents each
 * instruction). Python's own reader calls whatever the program names; this one knows the few names
 * of {@link TorchGlobal}, calls nothing, and refuses all others. Dictionaries become maps, lists
 * lists, tuples {@link Tuple}, whole numbers {@link Long} or {@link BigInteger}, tensors {@link
 * TorchView}, None {@link None}.
 */
final class Pickle {

  /** Python's tuple. */
  record Tuple(List<Object> items) {}

  /** Python's None. */
  enum None {
    NONE
  }

  /** A network of ten thousand tensors takes a third of a million. */
  private static final int MOST_STEPS = 1 << 21;

  private final ByteBuffer bytes;
  private final String file;
  private final Map<String, TorchStorage> storages;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int steps;

  /**
   * A reader of the pickle at a buffer's position.
   *
   * @param file what messages call it
   * @param storages takes the storages that tensors look at, by key
   */
  Pickle(ByteBuffer bytes, String file, Map<String, TorchStorage> storages) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.file = file;
    this.storages = storages;
  }

  /**
   * Reads one object and leaves the buffer behind it.
   *
   * @throws IOException if the pickle is damaged, or needs more than a dictionary of tensors does
   */
  Object read() throws IOException {
    while (true) {
      int opcode = take(1).get() & 0xff;
      if (opcode == '.') {
        return pop();
      }
      if (++steps > MOST_STEPS) {
        throw fault("has more than %d instructions".formatted(MOST_STEPS));
      }
      step(opcode);
    }
  }

  private void step(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> requireProtocol(take(1).get() & 0xff);
      case 0x95 -> take(Long.BYTES);
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) take(Integer.BYTES).getInt());
      case 'K' -> push(take(1).get() & 0xffL);
      case 'M' -> push(take(Short.BYTES).getShort() & 0xffffL);
      case 0x8a -> pushLong(take(1).get() & 0xff);
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(take(Double.BYTES).getLong())));
      case 'X' -> push(text(length32(), StandardCharsets.UTF_8));
      case 0x8c -> push(text(take(1).get() & 0xff, StandardCharsets.UTF_8));
      // Python 2's strings of bytes.
      case 'T' -> push(text(length32(), StandardCharsets.ISO_8859_1));
      case 'U' -> push(text(take(1).get() & 0xff, StandardCharsets.ISO_8859_1));
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']' -> push(new ArrayList<>());
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(popMarked()));
      case 0x85 -> pushTuple(1);
      case 0x86 -> pushTuple(2);
      case 0x87 -> pushTuple(3);
      case 'q' -> memo.put(take(1).get() & 0xff, top());
      case 'r' -> memo.put(length32(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> recall(take(1).get() & 0xff);
      case 'j' -> recall(length32());
      case 's' -> set(2);
      case 'u' -> setMarked();
      case 'a' -> append(1);
      case 'e' -> appendMarked();
      case 'c' -> push(TorchGlobal.of(line(), line(), this));
      case 0x93 -> pushStackGlobal();
      case 'R' -> call();
      case 'b' -> build();
      case 'Q' -> load();
      default ->
          throw fault(
              "has instruction 0x%02x, which no dictionary of tensors needs".formatted(opcode));
    }
  }

  /** What is wrong, with the file and the place. */
  IOException fault(String rule) {
    return new IOException(
        "%s: the pickle, at byte %d, %s".formatted(file, bytes.position(), rule));
  }

  private void requireProtocol(int protocol) throws IOException {
    if (protocol < 2 || protocol > 5) {
      throw fault("has protocol %d; 2 to 5 are read".formatted(protocol));
    }
  }

  /** The buffer, if it has so many bytes more. */
  private ByteBuffer take(int count) throws IOException {
    if (bytes.remaining() < count) {
      throw fault(
          "is truncated: %d bytes should follow, %d do".formatted(count, bytes.remaining()));
    }
    return bytes;
  }

  private int length32() throws IOException {
    int length = take(Integer.BYTES).getInt();
    if (length < 0) {
      throw fault("has a length of %s".formatted(Integer.toUnsignedString(length)));
    }
    return length;
  }

  private String text(int length, Charset charset) throws IOException {
    take(length);
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, charset);
  }

  private String line() throws IOException {
    int start = bytes.position();
    while (take(1).get() != '\n') {}
    int end = bytes.position();
    String line = text(start, end - 1);
    bytes.position(end);
    return line;
  }

  private String text(int start, int end) throws IOException {
    bytes.position(start);
    return text(end - start, StandardCharsets.UTF_8);
  }

  private void push(Object value) {
    stack.add(value);
  }

  /** A whole number of so many bytes, in two's complement. */
  private void pushLong(int length) throws IOException {
    take(length);
    byte[] bigEndian = new byte[length];
    for (int i = length - 1; i >= 0; i--) {
      bigEndian[i] = bytes.get();
    }
    BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian);
    push(value.bitLength() < Long.SIZE ? (Object) value.longValue() : value);
  }

  private void pushTuple(int length) throws IOException {
    push(new Tuple(pop(length)));
  }

  private Object pop() throws IOException {
    return pop(1).getFirst();
  }

  private Object top() throws IOException {
    requireDepth(1);
    return stack.getLast();
  }

  private void requireDepth(int count) throws IOException {
    if (stack.size() < count) {
      throw fault("takes %d values from a stack of %d".formatted(count, stack.size()));
    }
  }

  /** The topmost values, which leave the stack, in the order they came. */
  private List<Object> pop(int count) throws IOException {
    requireDepth(count);
    List<Object> topmost = stack.subList(stack.size() - count, stack.size());
    List<Object> values = new ArrayList<>(topmost);
    topmost.clear();
    return values;
  }

  private int marked() throws IOException {
    if (marks.isEmpty() || marks.getLast() > stack.size()) {
      throw fault("goes back to a mark that it did not set");
    }
    return stack.size() - marks.removeLast();
  }

  private List<Object> popMarked() throws IOException {
    return pop(marked());
  }

  private void recall(int index) throws IOException {
    Object value = memo.get(index);
    if (value == null) {
      throw fault("recalls value %d, which it did not keep".formatted(index));
    }
    push(value);
  }

  private void setMarked() throws IOException {
    int count = marked();
    if (count % 2 != 0) {
      throw fault("sets %d keys and values; each key has one".formatted(count));
    }
    set(count);
  }

  private void set(int count) throws IOException {
    List<Object> entries = pop(count);
    if (!(top() instanceof Map<?, ?>)) {
      throw fault("sets an entry of a %s".formatted(kind(top())));
    }
    for (int i = 0; i < entries.size(); i += 2) {
      put(asMap(top()), entries.get(i), entries.get(i + 1));
    }
  }

  /** Keys are texts and numbers: others might hold themselves. */
  private void put(Map<Object, Object> map, Object key, Object value) throws IOException {
    if (!(key instanceof String || key instanceof Long)) {
      throw fault("has a %s as key; texts and whole numbers are read".formatted(kind(key)));
    }
    map.put(key, value);
  }

  private void appendMarked() throws IOException {
    append(marked());
  }

  private void append(int count) throws IOException {
    List<Object> values = pop(count);
    if (!(top() instanceof List<?>)) {
      throw fault("appends to a %s".formatted(kind(top())));
    }
    asList(top()).addAll(values);
  }

  @SuppressWarnings("unchecked") // The machine makes no other lists.
  private static List<Object> asList(Object list) {
    return (List<Object>) list;
  }

  @SuppressWarnings("unchecked") // The machine makes no other maps.
  private static Map<Object, Object> asMap(Object map) {
    return (Map<Object, Object>) map;
  }

  private void pushStackGlobal() throws IOException {
    List<Object> names = pop(2);
    if (!(names.getFirst() instanceof String module) || !(names.getLast() instanceof String name)) {
      throw fault("names a global by a %s".formatted(kind(names.getFirst())));
    }
    push(TorchGlobal.of(module, name, this));
  }

  /** A call of one of the few names that are known. */
  private void call() throws IOException {
    List<Object> call = pop(2);
    if (!(call.getFirst() instanceof TorchGlobal global)
        || !(call.getLast() instanceof Tuple(List<Object> arguments))) {
      throw fault("calls a %s".formatted(kind(call.getFirst())));
    }
    push(
        switch (global) {
          case TorchGlobal.OrderedDict _ -> ordered(arguments);
          case TorchGlobal.Inert _ -> new Tuple(arguments);
          case TorchGlobal.Rebuild _ -> TorchGlobal.view(arguments, this);
          case TorchGlobal.Parameter _ -> TorchGlobal.parameter(arguments, this);
          case TorchGlobal.Storage _ -> throw fault("calls a storage");
        });
  }

  /** An ordered dictionary: empty, or, as Python 2 writes it, a list of pairs. */
  private Map<Object, Object> ordered(List<Object> arguments) throws IOException {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (arguments.isEmpty()) {
      return map;
    }
    if (arguments.size() == 1 && arguments.getFirst() instanceof List<?> pairs) {
      for (Object pair : pairs) {
        List<?> entry = pair instanceof Tuple(List<Object> items) ? items : List.of();
        entry = pair instanceof List<?> list ? list : entry;
        if (entry.size() != 2) {
          throw fault("makes a dictionary of something else than pairs");
        }
        put(map, entry.getFirst(), entry.getLast());
      }
      return map;
    }
    throw fault("makes a dictionary of something else than a list");
  }

  /** Attributes of a dictionary, such as a state dict's versions, are passed over. */
  private void build() throws IOException {
    pop();
    if (!(top() instanceof Map<?, ?>)) {
      throw fault("sets attributes of a %s".formatted(kind(top())));
    }
  }

  /** A storage, by what the file says of it. */
  private void load() throws IOException {
    TorchStorage storage = TorchGlobal.storage(pop(), this);
    TorchStorage other = storages.putIfAbsent(storage.key(), storage);
    if (other != null && (other.type() != storage.type() || other.total() != storage.total())) {
      throw fault(
          "has storage %s as %d of %s and as %d of %s"
              .formatted(
                  storage.key(), other.total(), other.type(), storage.total(), storage.type()));
    }
    push(storage);
  }

  /** What a value is, for messages. */
  static String kind(Object value) {
    return switch (value) {
      case Map<?, ?> _ -> "dictionary";
      case List<?> _ -> "list";
      case Tuple _ -> "tuple";
      case String _ -> "text";
      case TorchView _ -> "tensor";
      case TorchStorage _ -> "storage";
      case TorchGlobal _ -> "class or function";
      case None _ -> "None";
      default -> "number";
    };
  }
}
