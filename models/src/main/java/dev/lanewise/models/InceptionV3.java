package dev.lanewise.models;

import static dev.lanewise.models.InceptionConv.same;
import static dev.lanewise.models.InceptionConv.slim;
import static dev.lanewise.models.InceptionConv.valid;

import dev.lanewise.nn.layer.AdaptivePool;
import dev.lanewise.nn.layer.Branches;
import dev.lanewise.nn.layer.Drop;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.Linear;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.layer.Pool;
import dev.lanewise.nn.layer.Sequential;

/**
 * Inception v3: Szegedy et al., 2016, table 1 and figures 5 to 7 and 10. 23,834,568 parameters,
 * 27,161,264 with the auxiliary head.
 */
final class InceptionV3 {

  private InceptionV3() {}

  static Network create(String name, ModelOptions options) {
    Sequential layers =
        new Sequential()
            .add("Conv2d_1a_3x3", valid(options.channels(), 32, 3, 2)) // 149 x 149
            .add("Conv2d_2a_3x3", valid(32, 32, 3, 1)) //                 147 x 147
            .add("Conv2d_2b_3x3", same(32, 64, 3, 1))
            .add("maxpool1", Pool.max(3).stride(2)) //                     73 x 73
            .add("Conv2d_3b_1x1", valid(64, 80, 1, 1))
            .add("Conv2d_4a_3x3", valid(80, 192, 3, 1)) //                 71 x 71
            .add("maxpool2", Pool.max(3).stride(2)) //                     35 x 35
            .add("Mixed_5b", figure5(192, 32)) //                         256
            .add("Mixed_5c", figure5(256, 64)) //                         288
            .add("Mixed_5d", figure5(288, 64))
            .add("Mixed_6a", figure10(288)) //                             17 x 17
            .add("Mixed_6b", figure6(768, 128)) //                        768
            .add("Mixed_6c", figure6(768, 160))
            .add("Mixed_6d", figure6(768, 160))
            .add("Mixed_6e", figure6(768, 192));
    if (options.auxiliaries()) {
      layers.addHead("AuxLogits", "Mixed_6e", head(768, options));
    }
    layers
        .add("Mixed_7a", reduction(768)) //                                 8 x 8
        .add("Mixed_7b", figure7(1280)) //                               2048
        .add("Mixed_7c", figure7(2048))
        .add("avgpool", AdaptivePool.average(1))
        .add("dropout", Drop.elements(options.dropRate(0.5)))
        .add("flatten", new Flatten())
        .add("fc", new Linear(2048, options.classes()));
    return new Network(name, options.input(), layers)
        .initializer(new Initializer.TruncatedNormal(0.1f));
  }

  private static Branches figure5(int in, int project) {
    return new Branches()
        .add("branch1x1", same(in, 64, 1, 1))
        .join(
            new Sequential()
                .add("branch5x5_1", same(in, 48, 1, 1))
                .add("branch5x5_2", same(48, 64, 5, 1)))
        .join(
            new Sequential()
                .add("branch3x3dbl_1", same(in, 64, 1, 1))
                .add("branch3x3dbl_2", same(64, 96, 3, 1))
                .add("branch3x3dbl_3", same(96, 96, 3, 1)))
        .join(pooled(in, project));
  }

  /** Halves the size with parallel strides. */
  private static Branches figure10(int in) {
    return new Branches()
        .add("branch3x3", valid(in, 384, 3, 2))
        .join(
            new Sequential()
                .add("branch3x3dbl_1", same(in, 64, 1, 1))
                .add("branch3x3dbl_2", same(64, 96, 3, 1))
                .add("branch3x3dbl_3", valid(96, 96, 3, 2)))
        .add("pool", Pool.max(3).stride(2));
  }

  /** 7x7 convolutions as 1x7 and 7x1. */
  private static Branches figure6(int in, int middle) {
    return new Branches()
        .add("branch1x1", same(in, 192, 1, 1))
        .join(
            new Sequential()
                .add("branch7x7_1", same(in, middle, 1, 1))
                .add("branch7x7_2", slim(middle, middle, 1, 7))
                .add("branch7x7_3", slim(middle, 192, 7, 1)))
        .join(
            new Sequential()
                .add("branch7x7dbl_1", same(in, middle, 1, 1))
                .add("branch7x7dbl_2", slim(middle, middle, 7, 1))
                .add("branch7x7dbl_3", slim(middle, middle, 1, 7))
                .add("branch7x7dbl_4", slim(middle, middle, 7, 1))
                .add("branch7x7dbl_5", slim(middle, 192, 1, 7)))
        .join(pooled(in, 192));
  }

  private static Branches reduction(int in) {
    return new Branches()
        .join(
            new Sequential()
                .add("branch3x3_1", same(in, 192, 1, 1))
                .add("branch3x3_2", valid(192, 320, 3, 2)))
        .join(
            new Sequential()
                .add("branch7x7x3_1", same(in, 192, 1, 1))
                .add("branch7x7x3_2", slim(192, 192, 1, 7))
                .add("branch7x7x3_3", slim(192, 192, 7, 1))
                .add("branch7x7x3_4", valid(192, 192, 3, 2)))
        .add("pool", Pool.max(3).stride(2));
  }

  /** Wide branches that split once more. */
  private static Branches figure7(int in) {
    Sequential once = new Sequential().add("branch3x3_1", same(in, 384, 1, 1));
    Sequential twice =
        new Sequential()
            .add("branch3x3dbl_1", same(in, 448, 1, 1))
            .add("branch3x3dbl_2", same(448, 384, 3, 1));
    return new Branches()
        .add("branch1x1", same(in, 320, 1, 1))
        .join(
            new Branches(once)
                .add("branch3x3_2a", slim(384, 384, 1, 3))
                .add("branch3x3_2b", slim(384, 384, 3, 1)))
        .join(
            new Branches(twice)
                .add("branch3x3dbl_3a", slim(384, 384, 1, 3))
                .add("branch3x3dbl_3b", slim(384, 384, 3, 1)))
        .join(pooled(in, 192));
  }

  private static Sequential pooled(int in, int project) {
    return new Sequential()
        .add("pool", Pool.average(3).stride(1).padding(1))
        .add("branch_pool", same(in, project, 1, 1));
  }

  private static Sequential head(int in, ModelOptions options) {
    return new Sequential()
        .add("pool", Pool.average(5).stride(3)) // 5 x 5
        .add("conv0", same(in, 128, 1, 1))
        .add("conv1", valid(128, 768, 5, 1)) //    1 x 1
        .add("avgpool", AdaptivePool.average(1))
        .add("flatten", new Flatten())
        .add("fc", new Linear(768, options.classes()));
  }
}
