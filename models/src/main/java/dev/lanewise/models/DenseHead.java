package dev.lanewise.models;

import dev.lanewise.nn.layer.Activate;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Sequential;

/** The three dense layers that end the networks of 2012 to 2014, with dropout between them. */
final class DenseHead {

  static final int WIDTH = 4096;
  static final double DROPOUT = 0.5;

  /** For networks without batch norm, which small normal weights would not train. */
  static final Initializer INITIALIZER = Initializer.He.normal(Initializer.Mode.FAN_OUT);

  private DenseHead() {}

  /** A head for so many features. */
  static Sequential of(int features, ModelOptions options) {
    return Sequential.of(
        new Linear(features, WIDTH),
        Activate.relu(),
        Drop.elements(options.dropRate(DROPOUT)),
        new Linear(WIDTH, WIDTH),
        Activate.relu(),
        Drop.elements(options.dropRate(DROPOUT)),
        new Linear(WIDTH, options.classes()));
  }
}
