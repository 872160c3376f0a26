package dev.lanewise.nn;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The elements of a tensor: an array, zeros that nobody has asked for yet, or numbers that lie in a
 * file until somebody does.
 *
 * <p>Several threads may ask at once.
 */
final class Elements {

  private final int length;

  /** Null until somebody asks for it where the elements are zeros or lie in a file. */
  private volatile float[] array;

  /** Where the elements lie that were not asked for yet; null for zeros. */
  private Tensor.Reader stored;

  /**
   * Elements in memory, or zeros.
   *
   * @param array not copied; null for zeros
   */
  Elements(int length, float[] array) {
    this.length = length;
    this.array = array;
  }

  /** Elements that a reader reads. */
  static Elements stored(int length, Tensor.Reader reader) {
    Elements elements = new Elements(length, null);
    elements.stored = reader;
    return elements;
  }

  /**
   * The array of the elements, which stay there from now on.
   *
   * @throws UncheckedIOException if they were in a file and cannot be read
   */
  float[] array() {
    float[] known = array;
    return known != null ? known : first();
  }

  private synchronized float[] first() {
    if (array == null) {
      float[] elements = new float[length];
      if (stored != null) {
        read(stored, elements);
        stored = null;
      }
      array = elements;
    }
    return array;
  }

  private static void read(Tensor.Reader reader, float[] into) {
    try {
      reader.read(into);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed.getMessage(), failed);
    }
  }

  /** Whether they lie in a file still. */
  synchronized boolean isStored() {
    return stored != null;
  }

  private synchronized Tensor.Reader reader() {
    return stored;
  }

  /**
   * Copies the elements if they lie in a file, where they stay.
   *
   * @return whether they do
   * @throws UncheckedIOException if they cannot be read
   */
  boolean copyStored(float[] into) {
    Tensor.Reader reader = reader();
    if (reader != null) {
      read(reader, into);
    }
    return reader != null;
  }

  /** Takes over the array or the file of others. */
  void adopt(Elements others) {
    Tensor.Reader reader = others.reader();
    float[] elements = reader == null ? others.array() : null;
    synchronized (this) {
      stored = reader;
      array = elements;
    }
  }
}
