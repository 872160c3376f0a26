package dev.lanewise.nn.data;

import dev.lanewise.nn.Seeds;
import java.util.Random;

/**
 * Random numbers for one thing of many, such as an image of an epoch: the same whatever was drawn
 * for the others, and before.
 */
final class Draws {

  private Draws() {}

  /** Random numbers that depend on a seed and the numbers of a thing alone. */
  static Random of(long seed, long... numbers) {
    long hash = seed;
    for (long number : numbers) {
      hash = Seeds.at(hash, number);
    }
    return new Random(Seeds.at(hash, 0));
  }
}
