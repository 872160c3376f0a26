package dev.lanewise.nn.session;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Slice;
import dev.lanewise.nn.graph.Operator;
import dev.lanewise.nn.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each value lies: parts of a concatenation inside the whole, and wholes that are never
 * needed at the same time one after the other in the same array.
 *
 * <p>All values are NCHW16C. Rows of features, {@code [n, f]}, lie as one image of {@code n}
 * pixels.
 */
final class Places {

  /** A value's place: so many blocks of channels inside a whole. */
  private record Home(Value whole, int block) {}

  /** From which to which stage a whole is in use. */
  private record Life(Value whole, int first, int last) {}

  private final IdentityHashMap<Value, Home> homes = new IdentityHashMap<>();
  private final IdentityHashMap<Value, Integer> arrays = new IdentityHashMap<>();
  private final List<Integer> lengths = new ArrayList<>();

  /**
   * Finds places.
   *
   * @param inputs values that have arrays of their own, of exactly their length
   * @param outputs values that are read after the last stage
   */
  Places(List<Value> inputs, List<Stage> stages, List<Value> outputs) {
    for (Value input : inputs) {
      homes.put(input, new Home(input, 0));
      arrays.put(input, lengths.size());
      lengths.add(length(input));
    }
    IdentityHashMap<Value, Integer> reads = new IdentityHashMap<>();
    stages.forEach(stage -> stage.reads().forEach(value -> reads.merge(value, 1, Integer::sum)));
    outputs.forEach(value -> reads.merge(value, 1, Integer::sum));
    for (Stage stage : stages.reversed()) {
      homes.putIfAbsent(stage.output(), new Home(stage.output(), 0));
      Home own = homes.get(stage.output());
      switch (stage.operator()) {
        case Operator.Concatenation() -> placeParts(stage.operands(), own);
        case Operator.ChannelProduct() -> {
          Value input = stage.input();
          if (reads.get(input) == 1) {
            homes.putIfAbsent(input, own);
          }
        }
        default -> {}
      }
    }
    share(lives(stages, outputs));
  }

  /** Places parts that begin and, but for the last, end with a block. */
  private void placeParts(List<Value> parts, Home whole) {
    int channel = 0;
    for (int i = 0; i < parts.size(); i++) {
      Value part = parts.get(i);
      boolean endsWithBlock = part.dim(1) % Layout.BLOCK == 0 || i + 1 == parts.size();
      if (channel % Layout.BLOCK == 0 && endsWithBlock) {
        homes.putIfAbsent(part, new Home(whole.whole, whole.block + channel / Layout.BLOCK));
      }
      channel += part.dim(1);
    }
  }

  private List<Life> lives(List<Stage> stages, List<Value> outputs) {
    IdentityHashMap<Value, Life> lives = new IdentityHashMap<>();
    List<Value> order = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      List<Value> touched = new ArrayList<>(stages.get(i).reads());
      touched.add(stages.get(i).output());
      for (Value value : touched) {
        Value whole = homes.get(value).whole;
        Life life = lives.get(whole);
        if (life == null) {
          order.add(whole);
        }
        lives.put(whole, new Life(whole, life == null ? i : life.first, i));
      }
    }
    for (Value output : outputs) {
      Value whole = homes.get(output).whole;
      Life life = lives.get(whole);
      if (life != null) {
        lives.put(whole, new Life(whole, life.first, stages.size()));
      }
    }
    return order.stream().map(lives::get).filter(life -> !arrays.containsKey(life.whole)).toList();
  }

  /** Gives each whole, in the order in which they come to life, the best array that is free. */
  private void share(List<Life> lives) {
    Map<Integer, Integer> busyUntil = new HashMap<>();
    for (Life life : lives) {
      int needed = length(life.whole);
      int best = -1;
      for (int array : busyUntil.keySet()) {
        if (busyUntil.get(array) < life.first
            && (best < 0 || better(lengths.get(array), lengths.get(best), needed))) {
          best = array;
        }
      }
      if (best < 0) {
        best = lengths.size();
        lengths.add(needed);
      }
      lengths.set(best, Math.max(needed, lengths.get(best)));
      busyUntil.put(best, life.last);
      arrays.put(life.whole, best);
    }
  }

  /** The smallest that is large enough, or else the largest. */
  private static boolean better(int length, int other, int needed) {
    boolean enough = length >= needed;
    return other >= needed ? enough && length < other : enough || length > other;
  }

  /** Arrays for one caller, in which values begin at a cache line if the arrays do. */
  float[][] arrays() {
    return lengths.stream()
        .map(length -> new float[Slice.TO_LINE + length])
        .toArray(float[][]::new);
  }

  /** Floats of all arrays. */
  long floats() {
    return lengths.stream().mapToLong(i -> i).sum();
  }

  /** The place of a value among the arrays of a caller. */
  Slice slice(Value value, float[][] memory) {
    Home home = homes.get(value);
    int[] dims = dims(home.whole);
    int image = dims[0] == 0 ? 0 : Layout.NCHW16C.length(dims) / dims[0];
    int block = image / Layout.blocks(dims[1]);
    int first = Slice.TO_LINE + home.block * block;
    return new Slice(memory[arrays.get(home.whole)], first, image);
  }

  /** Whether a value lies where another begins. */
  boolean sameStart(Value value, Value other) {
    return homes.get(value).equals(homes.get(other));
  }

  /** Whether a part lies in its place of the whole. */
  boolean inPlace(Value part, Value whole, int channel) {
    Home own = homes.get(part);
    Home outer = homes.get(whole);
    return own.whole == outer.whole
        && channel % Layout.BLOCK == 0
        && own.block == outer.block + channel / Layout.BLOCK;
  }

  /** How a value lies: its dimensions, or one image of a pixel for each row of at most two. */
  static int[] dims(Value value) {
    int[] shape = value.shape();
    return switch (shape.length) {
      case 0 -> new int[] {1, 1, 1};
      case 1 -> new int[] {1, shape[0], 1};
      case 2 -> new int[] {1, shape[1], shape[0]};
      default -> shape;
    };
  }

  private static int length(Value value) {
    return Layout.NCHW16C.length(dims(value));
  }

  /** What all values would take, each in an array of its own. */
  static long floatsApart(List<Stage> stages) {
    return stages.stream().map(Stage::output).mapToLong(Places::length).sum();
  }

  @Override
  public String toString() {
    return Arrays.toString(lengths.toArray());
  }
}
