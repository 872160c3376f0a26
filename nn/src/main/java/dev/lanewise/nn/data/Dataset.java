package dev.lanewise.nn.data;

import java.util.List;

/** Samples of one shape, each with the class it belongs to. */
public interface Dataset {

  /** The number of samples. */
  int size();

  /** The shape of one sample as the network sees it, such as {@code [1, 32, 32]}. */
  List<Integer> sampleShape();

  /** The names of the classes; a label is an index into it. */
  List<String> classes();

  /** The class of a sample. */
  int label(int index);

  /** Writes a sample, row-major, into an array. */
  void copy(int index, float[] target, int offset);

  /** The number of floats of one sample. */
  default int sampleLength() {
    return sampleShape().stream().reduce(1, (a, b) -> a * b);
  }
}
