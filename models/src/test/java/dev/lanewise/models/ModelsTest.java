package dev.lanewise.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.metrics.ConfusionMatrix;
import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelsTest {

  @Test
  void lenet5HasItsParametersAndShapes() {
    Network network = Models.create("lenet5");
    assertEquals(61_706, network.parameterCount());
    assertEquals(
        List.of(
            "conv1.weight",
            "conv1.bias",
            "conv2.weight",
            "conv2.bias",
            "conv3.weight",
            "conv3.bias",
            "fc1.weight",
            "fc1.bias",
            "fc2.weight",
            "fc2.bias"),
        List.copyOf(network.parameters().keySet()));
    assertArrayEquals(new int[] {5, 10}, network.body().outputShape(5, 1, 32, 32));
    List<LayerInfo> layers = LayerInfo.of(network, network.batchShape(1));
    LayerInfo conv3 = layers.get(6);
    assertEquals("conv3", conv3.name());
    assertEquals(List.of(1, 120, 1, 1), conv3.outputShape());
    assertEquals(List.of(32, 32), conv3.receptiveField());
    assertEquals(416_520, layers.stream().mapToLong(LayerInfo::multiplyAdds).sum());
  }

  @ParameterizedTest
  @CsvSource({
    "sample_cnn, 111050",
    "lenet5_1998, 60000",
    "alexnet, 61100840",
    "alexnet_2012, 60965224",
    "alexnet_227, 62378344",
    "zfnet, 62357608",
    "zfnet_512, 107627624",
    "vgg11, 132863336",
    "vgg11_bn, 132868840",
    "vgg13, 133047848",
    "vgg13_bn, 133053736",
    "vgg16, 138357544",
    "vgg16_bn, 138365992",
    "vgg19, 143667240",
    "vgg19_bn, 143678248",
    "googlenet, 13004888",
    "googlenet_2014, 13378280",
    "inception_v2, 11188288",
    "inception_v3, 27161264",
    "resnet18, 11689512",
    "resnet34, 21797672",
    "resnet50, 25557032",
    "resnet101, 44549160",
    "resnet152, 60192808",
    "wide_resnet50_2, 68883240",
    "wide_resnet101_2, 126886696",
    "resnext50_32x4d, 25028904",
    "resnext101_32x8d, 88791336",
    "resnet18_cifar, 11173962",
    "resnet34_cifar, 21282122",
    "resnet50_cifar, 23520842",
    "resnet101_cifar, 42512970",
    "resnet152_cifar, 58156618",
    "resnet20, 269722",
    "resnet32, 464154",
    "resnet44, 658586",
    "resnet56, 853018",
    "densenet121, 7978856",
    "densenet161, 28681000",
    "densenet169, 14149480",
    "densenet201, 20013928",
    "squeezenet1_0, 1248424",
    "squeezenet1_1, 1235496",
    "mobilenet_v1, 4231976",
    "mobilenet_v2, 3504872",
    "mobilenet_v3_large, 5483032",
    "mobilenet_v3_small, 2542856",
    "efficientnet_b0, 5288548",
    "efficientnet_b1, 7794184",
    "efficientnet_b2, 9109994",
    "efficientnet_b3, 12233232",
    "efficientnet_b4, 19341616",
    "efficientnet_b5, 30389784",
    "efficientnet_b6, 43040704",
    "efficientnet_b7, 66347960",
  })
  void networksHaveTheirPublishedParameterCounts(String name, long parameters) {
    Network network = Models.create(name);
    assertEquals(parameters, network.parameterCount());
    int[] output = network.body().outputShape(network.batchShape(2));
    assertArrayEquals(new int[] {2, Models.options(name).classes()}, output);
  }

  @ParameterizedTest
  @CsvSource({"googlenet, 6624904", "googlenet_2014, 6998552", "inception_v3, 23834568"})
  void headsForTrainingCanBeLeftOut(String name, long parameters) {
    ModelOptions options = Models.options(name).withoutAuxiliaries();
    assertEquals(parameters, Models.create(name, options).parameterCount());
  }

  /** The counts of MobileNet's paper, table 6, and of torchvision's makers of narrower networks. */
  @ParameterizedTest
  @CsvSource({"mobilenet_v1, 0.75, 2.6", "mobilenet_v1, 0.5, 1.3", "mobilenet_v1, 0.25, 0.5"})
  void channelsOfMobileNetsAreMultiplied(String name, double multiplier, double millions) {
    ModelOptions options = Models.options(name).multiplier(multiplier);
    assertEquals(millions, Models.create(name, options).parameterCount() / 1e6, 0.05);
  }

  @Test
  void otherNetworksHaveNoMultiplier() {
    ModelOptions options = Models.options("resnet18").multiplier(0.5);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Models.create("resnet18", options))
            .getMessage();
    assertEquals("resnet18 has no multiplier of its channels, got 0.5", message);
  }

  @Test
  void classesChannelsAndSizeAreFree() {
    ModelOptions options = Models.options("resnet18").classes(7).channels(1).size(97, 161);
    Network network = Models.create("resnet18", options);
    assertArrayEquals(new int[] {3, 1, 97, 161}, network.batchShape(3));
    assertArrayEquals(new int[] {3, 7}, network.body().outputShape(3, 1, 97, 161));
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Models.create("lenet6")).getMessage();
    assertEquals("unknown model 'lenet6'; known: " + String.join(", ", Models.names()), message);
  }

  @Test
  void pretrainedLenet5ReadsTheTestSet() throws IOException {
    Path mnist = Path.of(System.getProperty("lanewise.shared", "../../shared"), "data/mnist");
    assumeTrue(Files.isDirectory(mnist), () -> mnist + " is absent");
    MnistData test = MnistData.load(mnist, Split.TEST);
    Evaluation result = Evaluation.of(Models.pretrained("lenet5"), test, Workers.shared());
    assertTrue(result.confusion().accuracy() >= 0.99, result::toString);
    String accuracy = ConfusionMatrix.percent(result.confusion().accuracy());
    assertTrue(Models.about("lenet5").contains("accuracy  " + accuracy), accuracy);
  }

  @ParameterizedTest
  @CsvSource({
    "lenet5, 5",
    "alexnet, 8",
    "vgg16, 16",
    "vgg19, 19",
    "googlenet, 22",
    "resnet18, 18",
    "resnet50, 50",
    "resnet20, 20",
    "densenet121, 121",
    "mobilenet_v1, 28",
    "mobilenet_v2, 53"
  })
  void networksAreAsDeepAsTheirNamesAndPapersSay(String name, int depth) {
    Network network = Models.create(name);
    assertEquals(depth, network.graph(network.batchShape(1)).depth());
  }

  @Test
  void everyNetworkHasAnOrigin() {
    Models.names().forEach(name -> assertFalse(Origin.of(name).idea().isEmpty()));
    assertThrows(IllegalArgumentException.class, () -> Origin.of("nothing"));
  }

  /** The survey's list of alpha^phi. */
  @Test
  void depthGrowsByTheRule() {
    List<String> ideal =
        CompoundScaling.ALL.stream().map(s -> "%.2f".formatted(s.idealDepth())).toList();
    assertEquals(List.of("1.00", "1.20", "1.44", "1.73", "2.07", "2.49", "2.99", "3.58"), ideal);
    assertEquals(
        1.920,
        CompoundScaling.ALPHA
            * Math.pow(CompoundScaling.BETA, 2)
            * Math.pow(CompoundScaling.GAMMA, 2),
        1e-3);
  }
}
