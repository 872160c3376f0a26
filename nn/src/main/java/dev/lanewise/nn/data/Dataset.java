package dev.lanewise.nn.data;

import java.io.IOException;
import java.util.List;

/**
 * Images, each with the class it belongs to. Reading is safe on several threads at once.
 *
 * <p>Images hold values from 0 to 1; {@link #normalization()} says how they are brought to a
 * network's input, which is done last, when they have been varied.
 */
public interface Dataset {

  /** The number of images. */
  int size();

  /** The names of the classes; a label is an index into it. */
  List<String> classes();

  /** The class of an image. */
  int label(int index);

  /**
   * Reads an image.
   *
   * @throws IOException if it lies in a file that cannot be read
   */
  void read(int index, Image image) throws IOException;

  /** How the values of images are brought to a network's input; as they are unless overridden. */
  default Normalization normalization() {
    return Normalization.NONE;
  }
}
