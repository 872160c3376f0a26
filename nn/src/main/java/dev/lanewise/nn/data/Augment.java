package dev.lanewise.nn.data;

import java.util.random.RandomGenerator;

/**
 * A step that changes an image, at random or always in the same way; its text says it in full.
 *
 * <p>A step draws all that it needs from the random numbers it is given, so that an image is varied
 * in the same way on any thread.
 */
@FunctionalInterface
public interface Augment {

  /** Changes the image, and its size too where that is what the step is for. */
  void apply(Image image, RandomGenerator random);
}
