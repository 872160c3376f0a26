package dev.lanewise.models;

import java.util.List;
import java.util.Optional;

/**
 * How an EfficientNet is scaled: Tan, Le, 2019, equation 3. Depth, width and size of the images
 * grow as alpha^phi, beta^phi and gamma^phi, so that the work doubles with each step of phi; the
 * published networks round these factors.
 *
 * @param phi the step, 0 for B0
 * @param depth published factor of the layers
 * @param width published factor of the channels
 * @param size published height and width of the images
 */
public record CompoundScaling(int phi, double depth, double width, int size) {

  /** By which depth grows in a step. */
  public static final double ALPHA = 1.2;

  /** By which width grows in a step. */
  public static final double BETA = 1.1;

  /** By which height and width of the images grow in a step. */
  public static final double GAMMA = 1.15;

  private static final String NAME = "efficientnet_b";

  /** B0 to B7. */
  public static final List<CompoundScaling> ALL =
      List.of(
          new CompoundScaling(0, 1.0, 1.0, 224),
          new CompoundScaling(1, 1.1, 1.0, 240),
          new CompoundScaling(2, 1.2, 1.1, 260),
          new CompoundScaling(3, 1.4, 1.2, 300),
          new CompoundScaling(4, 1.8, 1.4, 380),
          new CompoundScaling(5, 2.2, 1.6, 456),
          new CompoundScaling(6, 2.6, 1.8, 528),
          new CompoundScaling(7, 3.1, 2.0, 600));

  /** The scaling of a model of the registry, if it is an EfficientNet. */
  public static Optional<CompoundScaling> of(String model) {
    return ALL.stream().filter(scaling -> model.equals(NAME + scaling.phi)).findFirst();
  }

  /** The rule's factor of depth, alpha^phi. */
  public double idealDepth() {
    return Math.pow(ALPHA, phi);
  }

  /** The rule's factor of width, beta^phi. */
  public double idealWidth() {
    return Math.pow(BETA, phi);
  }

  /** The rule's factor of height and width of the images, gamma^phi. */
  public double idealSize() {
    return Math.pow(GAMMA, phi);
  }
}
