package dev.lanewise.models;

import dev.lanewise.kernels.shape.Check;

/**
 * What can be chosen of any architecture.
 *
 * @param classes scores of the output
 * @param channels of the input, 3 for colour
 * @param height of the usual input
 * @param width of the usual input
 * @param auxiliaries whether heads for training are built where the architecture has them
 * @param dropping whether dropout and stochastic depth act in training
 * @param multiplier of the channels of the MobileNets, 1 for all others
 */
public record ModelOptions(
    int classes,
    int channels,
    int height,
    int width,
    boolean auxiliaries,
    boolean dropping,
    double multiplier) {

  private static final int MOST = 16;

  /** ImageNet's 1000 classes of colour images. */
  static final ModelOptions IMAGENET = of(1000, 3, 224);

  /** The ten classes of small colour images of CIFAR-10. */
  static final ModelOptions CIFAR = of(10, 3, 32);

  /** Validates the options. */
  public ModelOptions {
    Check.positive("classes", classes);
    Check.positive("channels", channels);
    Check.positive("height", height);
    Check.positive("width", width);
    Check.that(
        multiplier > 0 && multiplier <= MOST, "multiplier %s is not in (0, %d]", multiplier, MOST);
  }

  /** Square images, with all that the architecture has. */
  static ModelOptions of(int classes, int channels, int size) {
    return new ModelOptions(classes, channels, size, size, true, true, 1);
  }

  /** These options with another number of classes. */
  public ModelOptions classes(int value) {
    return new ModelOptions(value, channels, height, width, auxiliaries, dropping, multiplier);
  }

  /** These options with another number of input channels. */
  public ModelOptions channels(int value) {
    return new ModelOptions(classes, value, height, width, auxiliaries, dropping, multiplier);
  }

  /** These options with another usual input size. */
  public ModelOptions size(int newHeight, int newWidth) {
    return new ModelOptions(
        classes, channels, newHeight, newWidth, auxiliaries, dropping, multiplier);
  }

  /** These options without heads for training. */
  public ModelOptions withoutAuxiliaries() {
    return new ModelOptions(classes, channels, height, width, false, dropping, multiplier);
  }

  /** These options without dropout and stochastic depth. */
  public ModelOptions withoutDropping() {
    return new ModelOptions(classes, channels, height, width, auxiliaries, false, multiplier);
  }

  /** These options with so many times the channels; only the MobileNets offer that. */
  public ModelOptions multiplier(double value) {
    return new ModelOptions(classes, channels, height, width, auxiliaries, dropping, value);
  }

  /** The shape of one sample. */
  int[] input() {
    return new int[] {channels, height, width};
  }

  /** A rate of dropout or stochastic depth, or 0 if they do not act. */
  float dropRate(double rate) {
    return dropping ? (float) rate : 0;
  }
}
