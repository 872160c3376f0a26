package dev.lanewise.models;

import dev.lanewise.kernels.shape.ConvShape;
import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Branches;
import dev.lanewise.nn.layer.Conv2d;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/**
 * Batch-normalised Inception: Ioffe, Szegedy, 2015, the table of the appendix. Its first
 * convolution is depthwise with 8 filters a channel, and a pointwise one.
 */
final class InceptionV2 {

  private static final int MULTIPLIER = 8;

  private InceptionV2() {}

  static Network create(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("conv1", separable(options.channels(), 64)) //                     112 x 112
            .add("maxpool1", halve()) //                                             56 x 56
            .add("conv2", InceptionConv.same(64, 64, 1, 1))
            .add("conv3", InceptionConv.same(64, 192, 3, 1))
            .add("maxpool2", halve()) //                                             28 x 28
            .add("inception3a", inception(192, 64, 64, 64, 64, 96, average(), 32)) //  256
            .add("inception3b", inception(256, 64, 64, 96, 64, 96, average(), 64)) //  320
            .add("inception3c", halving(320, 128, 160, 64, 96)) //           14 x 14, 576
            .add("inception4a", inception(576, 224, 64, 96, 96, 128, average(), 128))
            .add("inception4b", inception(576, 192, 96, 128, 96, 128, average(), 128))
            .add("inception4c", inception(576, 160, 128, 160, 128, 160, average(), 96))
            .add("inception4d", inception(576, 96, 128, 192, 160, 192, average(), 96))
            .add("inception4e", halving(576, 128, 192, 192, 256)) //           7 x 7, 1024
            .add("inception5a", inception(1024, 352, 192, 320, 160, 224, average(), 128))
            .add("inception5b", inception(1024, 352, 192, 320, 192, 224, max(), 128))
            .add("avgpool", AdaptivePool.average(1))
            .add("flatten", new Flatten())
            .add("dropout", Drop.elements(options.dropRate(0.2)))
            .add("fc", new Linear(1024, options.classes()));
    return new Network(name, options.input(), layers)
        .initializer(Initializer.He.normal(Initializer.Mode.FAN_IN));
  }

  private static Sequential separable(int in, int out) {
    int middle = in * MULTIPLIER;
    ConvShape depthwise = ConvShape.conv2d(1, in, 7, 7, middle, 7, 7).groups(in);
    return new Sequential()
        .add("depthwise", new Conv2d(depthwise).stride(2).padding(3).bias(false))
        .add("pointwise", InceptionConv.same(middle, out, 1, 1));
  }

  private static Layer halve() {
    return Pool.max(3).stride(2).ceilMode();
  }

  private static Layer average() {
    return Pool.average(3).stride(1).padding(1);
  }

  private static Layer max() {
    return Pool.max(3).stride(1).padding(1);
  }

  /** The columns: #1x1, #3x3 reduce, #3x3, double #3x3 reduce, double #3x3, the pool and proj. */
  private static Branches inception(
      int in, int one, int reduce, int three, int reduceTwice, int twice, Layer pool, int project) {
    return new Branches()
        .add("branch1", InceptionConv.same(in, one, 1, 1))
        .add(
            "branch2",
            Sequential.of(
                InceptionConv.same(in, reduce, 1, 1), InceptionConv.same(reduce, three, 3, 1)))
        .add(
            "branch3",
            Sequential.of(
                InceptionConv.same(in, reduceTwice, 1, 1),
                InceptionConv.same(reduceTwice, twice, 3, 1),
                InceptionConv.same(twice, twice, 3, 1)))
        .add("branch4", Sequential.of(pool, InceptionConv.same(in, project, 1, 1)));
  }

  /** The same at stride 2, without the first branch, the pool's output passed through. */
  private static Branches halving(int in, int reduce, int three, int reduceTwice, int twice) {
    return new Branches()
        .add(
            "branch1",
            Sequential.of(
                InceptionConv.same(in, reduce, 1, 1), InceptionConv.same(reduce, three, 3, 2)))
        .add(
            "branch2",
            Sequential.of(
                InceptionConv.same(in, reduceTwice, 1, 1),
                InceptionConv.same(reduceTwice, twice, 3, 1),
                InceptionConv.same(twice, twice, 3, 2)))
        .add("branch3", Pool.max(3).stride(2).padding(1));
  }
}
