package dev.lanewise.models;

import dev.lanewise.kernels.shape.Check;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The registry of architectures. */
public final class Models {

  /** Builds a network of a name with some options. */
  private interface Architecture {
    Network create(String name, ModelOptions options);
  }

  private record Entry(ModelOptions usual, boolean multiplied, Architecture architecture) {}

  private static final Map<String, Entry> ARCHITECTURES = new LinkedHashMap<>();

  static {
    register("lenet5", ModelOptions.of(10, 1, 32), LeNet5::create);
    register("lenet5_1998", ModelOptions.of(10, 1, 32), LeNet1998::create);
    cifar("sample_cnn", SampleCnn::create);
    imagenet("alexnet", AlexNet::torchvision);
    imagenet("alexnet_2012", AlexNet.twoColumns()::create);
    register("alexnet_227", ModelOptions.of(1000, 3, 227), AlexNet.oneColumn()::create);
    imagenet("zfnet", AlexNet.zeilerFergus(384, 384, 256)::create);
    imagenet("zfnet_512", AlexNet.zeilerFergus(512, 1024, 512)::create);
    vgg("vgg11", Vgg.plain(1, 1, 2, 2, 2));
    vgg("vgg13", Vgg.plain(2, 2, 2, 2, 2));
    vgg("vgg16", Vgg.plain(2, 2, 3, 3, 3));
    vgg("vgg19", Vgg.plain(2, 2, 4, 4, 4));
    imagenet("googlenet", new GoogLeNet(true)::create);
    imagenet("googlenet_2014", new GoogLeNet(false)::create);
    imagenet("inception_v2", InceptionV2::create);
    register("inception_v3", ModelOptions.of(1000, 3, 299), InceptionV3::create);
    imagenet("resnet18", ResNet.basic(2, 2, 2, 2)::imagenet);
    imagenet("resnet34", ResNet.basic(3, 4, 6, 3)::imagenet);
    imagenet("resnet50", ResNet.bottleneck(3, 4, 6, 3)::imagenet);
    imagenet("resnet101", ResNet.bottleneck(3, 4, 23, 3)::imagenet);
    imagenet("resnet152", ResNet.bottleneck(3, 8, 36, 3)::imagenet);
    imagenet("wide_resnet50_2", ResNet.wide(1, 128, 3, 4, 6, 3)::imagenet);
    imagenet("wide_resnet101_2", ResNet.wide(1, 128, 3, 4, 23, 3)::imagenet);
    imagenet("resnext50_32x4d", ResNet.wide(32, 128, 3, 4, 6, 3)::imagenet);
    imagenet("resnext101_32x8d", ResNet.wide(32, 256, 3, 4, 23, 3)::imagenet);
    cifar("resnet18_cifar", ResNet.basic(2, 2, 2, 2)::cifar);
    cifar("resnet34_cifar", ResNet.basic(3, 4, 6, 3)::cifar);
    cifar("resnet50_cifar", ResNet.bottleneck(3, 4, 6, 3)::cifar);
    cifar("resnet101_cifar", ResNet.bottleneck(3, 4, 23, 3)::cifar);
    cifar("resnet152_cifar", ResNet.bottleneck(3, 8, 36, 3)::cifar);
    cifar("resnet20", (name, options) -> ResNet.small(name, options, 3));
    cifar("resnet32", (name, options) -> ResNet.small(name, options, 5));
    cifar("resnet44", (name, options) -> ResNet.small(name, options, 7));
    cifar("resnet56", (name, options) -> ResNet.small(name, options, 9));
    imagenet("densenet121", new DenseNet(64, 32, 6, 12, 24, 16)::create);
    imagenet("densenet161", new DenseNet(96, 48, 6, 12, 36, 24)::create);
    imagenet("densenet169", new DenseNet(64, 32, 6, 12, 32, 32)::create);
    imagenet("densenet201", new DenseNet(64, 32, 6, 12, 48, 32)::create);
    imagenet("squeezenet1_0", SqueezeNet::version10);
    imagenet("squeezenet1_1", SqueezeNet::version11);
    mobile("mobilenet_v1", MobileNetV1::create);
    mobile("mobilenet_v2", MobileNetV2::create);
    mobile("mobilenet_v3_large", MobileNetV3.large()::create);
    mobile("mobilenet_v3_small", MobileNetV3.small()::create);
    for (CompoundScaling scaling : CompoundScaling.ALL) {
      // B2 is evaluated at more than its published 260, as torchvision does.
      int size = scaling.phi() == 2 ? 288 : scaling.size();
      imagenet("efficientnet_b" + scaling.phi(), size, EfficientNet.scaled(scaling)::create);
    }
  }

  private Models() {}

  private static void register(String name, ModelOptions usual, Architecture architecture) {
    ARCHITECTURES.put(name, new Entry(usual, false, architecture));
  }

  private static void imagenet(String name, Architecture architecture) {
    register(name, ModelOptions.IMAGENET, architecture);
  }

  private static void vgg(String name, Vgg architecture) {
    imagenet(name, architecture::create);
    imagenet(name + "_bn", architecture.withNorms()::create);
  }

  private static void mobile(String name, Architecture architecture) {
    ARCHITECTURES.put(name, new Entry(ModelOptions.IMAGENET, true, architecture));
  }

  private static void cifar(String name, Architecture architecture) {
    register(name, ModelOptions.CIFAR, architecture);
  }

  private static void imagenet(String name, int size, Architecture architecture) {
    register(name, ModelOptions.IMAGENET.size(size, size), architecture);
  }

  /** The names that {@link #create} knows, in the order of the survey. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(ARCHITECTURES.keySet());
  }

  /**
   * A network as it was published, whose parameters are zero until they are initialised or loaded.
   *
   * @throws IllegalArgumentException if the name is unknown, naming the known ones
   */
  public static Network create(String name) {
    return create(name, options(name));
  }

  /**
   * A network with other options, such as another number of classes.
   *
   * @throws IllegalArgumentException if the name is unknown, naming the known ones, or the options
   *     ask for a multiplier that the architecture does not offer
   */
  public static Network create(String name, ModelOptions options) {
    Entry entry = entry(name);
    Check.that(
        entry.multiplied || options.multiplier() == 1,
        "%s has no multiplier of its channels, got %s",
        name,
        options.multiplier());
    return entry.architecture.create(name, options);
  }

  /**
   * The options of the published network.
   *
   * @throws IllegalArgumentException if the name is unknown, naming the known ones
   */
  public static ModelOptions options(String name) {
    return entry(name).usual;
  }

  private static Entry entry(String name) {
    Entry entry = ARCHITECTURES.get(name);
    Check.that(
        entry != null,
        "unknown model '%s'; known: %s",
        name,
        String.join(", ", ARCHITECTURES.keySet()));
    return entry;
  }

  /**
   * A network with the trained weights that come with this module. The text beside the weights
   * tells how they were made: {@link #about}.
   *
   * @throws IllegalArgumentException if the name is unknown, naming the known ones, or there are no
   *     weights for it
   */
  public static Network pretrained(String name) {
    Network network = create(name);
    String file = name + ".safetensors";
    try (InputStream in = resource(name, file)) {
      return network.load(Safetensors.load(in, file));
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /**
   * How the bundled weights of a network were made: the command, the seed and the accuracy.
   *
   * @throws IllegalArgumentException as {@link #pretrained}
   */
  public static String about(String name) {
    create(name);
    try (InputStream in = resource(name, name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private static InputStream resource(String name, String file) {
    InputStream in = Models.class.getResourceAsStream(file);
    Check.that(in != null, "no trained weights for %s are bundled", name);
    return in;
  }
}
