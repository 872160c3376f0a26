package dev.lanewise.verify.convolution;

import dev.lanewise.kernels.activation.Activation;
import dev.lanewise.kernels.composite.Chain;
import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.verify.check.Data;
import dev.lanewise.verify.reference.BlockedLayout;
import java.util.ArrayList;
import java.util.List;

/** Random chains of convolutions, and branches of them. */
final class Chains {

  private static final long MOST_MULTIPLY_ADDS = 200_000;

  private Chains() {}

  /** A convolution that chains stand for. */
  static ConvShape shape(Data data) {
    return RandomShapes.small(ShapeKind.SMALL_DENSE, MOST_MULTIPLY_ADDS, data);
  }

  /** It along one axis after the other. */
  static Chain separable(ConvShape shape, Activation activation, Data data) {
    int middle = shape.groups() * data.between(1, 20);
    return Chain.spatiallySeparable(shape, middle, activation, Activation.IDENTITY);
  }

  /** One to four of its kind with any number of output channels, whole blocks among them. */
  static List<Chain> branches(ConvShape shape, Activation activation, Data data) {
    List<Chain> chains = new ArrayList<>();
    int count = data.between(1, 4);
    for (int i = 0; i < count; i++) {
      int channels = shape.groups() * data.oneOf(16, 32, data.between(1, 20));
      ConvShape own =
          new ConvShape(shape.batch(), shape.inChannels(), channels, shape.groups(), shape.axes());
      chains.add(data.oneIn(3) ? separable(own, activation, data) : Chain.of(activation, own));
    }
    return chains;
  }

  static String text(List<Chain> branches) {
    return String.join(
        " beside ",
        branches.stream()
            .map(
                chain ->
                    String.join(
                        " then ", chain.links().stream().map(l -> l.shape().toString()).toList()))
            .toList());
  }

  /** Row-major images of the branches, image by image one behind the other. */
  static float[] concatenated(List<float[]> branches, int... dims) {
    float[] joint = new float[new BlockedLayout(dims).denseLength()];
    int first = 0;
    for (float[] own : branches) {
      int length = own.length / dims[0];
      for (int n = 0; n < dims[0]; n++) {
        System.arraycopy(own, n * length, joint, n * (joint.length / dims[0]) + first, length);
      }
      first += length;
    }
    return joint;
  }
}
