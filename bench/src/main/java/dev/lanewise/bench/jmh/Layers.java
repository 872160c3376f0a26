package dev.lanewise.bench.jmh;

import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.LayerList;
import java.util.NoSuchElementException;

/** The layer list by name. */
final class Layers {

  private Layers() {}

  /**
   * The shape of a row.
   *
   * @throws NoSuchElementException if no row has that name
   */
  static ConvShape shape(String name) {
    return LayerList.rows().stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no layer is called " + name))
        .shape();
  }
}
