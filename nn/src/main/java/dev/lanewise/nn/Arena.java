package dev.lanewise.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arrays that serve one use after the other: taken by length, given back, taken again.
 *
 * <p>Kernels want arrays of an exact length, and the steps of a training ask for the same lengths
 * in the same order, so that after the first step nothing is allocated any more.
 */
final class Arena {

  private final Map<Integer, Shelf> shelves = new HashMap<>();
  private final Set<float[]> taken = Collections.newSetFromMap(new IdentityHashMap<>());
  private long bytes;
  private long bytesTaken;

  /** An array of this length, whatever it holds. */
  float[] take(int length) {
    Shelf shelf = shelves.computeIfAbsent(length, _ -> new Shelf());
    if (shelf.idle.isEmpty()) {
      shelf.all.add(new float[length]);
      shelf.idle.addLast(shelf.all.getLast());
      bytes += bytes(length);
    }
    float[] array = shelf.idle.removeLast();
    taken.add(array);
    bytesTaken += bytes(length);
    return array;
  }

  /** Whether an array was taken here and not given back. */
  boolean holds(float[] array) {
    return taken.contains(array);
  }

  /** Takes an array back; one that was not taken here, or was given back already, is left alone. */
  void give(float[] array) {
    if (taken.remove(array)) {
      shelves.get(array.length).idle.addLast(array);
      bytesTaken -= bytes(array.length);
    }
  }

  /** Takes everything back; arrays are then handed out in the order of the first time. */
  void giveAll() {
    taken.clear();
    bytesTaken = 0;
    for (Shelf shelf : shelves.values()) {
      shelf.idle.clear();
      shelf.idle.addAll(shelf.all.reversed());
    }
  }

  /** Memory of all arrays, idle ones included. */
  long bytes() {
    return bytes;
  }

  /** Memory of the arrays in use. */
  long bytesTaken() {
    return bytesTaken;
  }

  private static long bytes(int length) {
    return (long) Float.BYTES * length;
  }

  /** The arrays of one length; the last idle one goes first, for it may still be in the cache. */
  private static final class Shelf {
    final List<float[]> all = new ArrayList<>();
    final Deque<float[]> idle = new ArrayDeque<>();
  }
}
