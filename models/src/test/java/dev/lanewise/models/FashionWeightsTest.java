package dev.lanewise.models;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.data.Crop;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.MnistData;
import dev.lanewise.nn.data.Prepared;
import dev.lanewise.nn.data.Split;
import dev.lanewise.nn.io.Safetensors;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.metrics.ConfusionMatrix;
import dev.lanewise.nn.metrics.Evaluation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The weights of a real training, kept to be transferred and to see that they still count. */
class FashionWeightsTest {

  private static final String NAME = "resnet20-fashion-mnist";

  private static InputStream resource(String file) {
    return FashionWeightsTest.class.getResourceAsStream(file);
  }

  @Test
  void resnet20ReadsTheTestSetOfFashionMnist() throws IOException {
    Path data =
        Path.of(System.getProperty("lanewise.shared", "../../shared"), "data/fashion-mnist");
    assumeTrue(Files.isDirectory(data), () -> data + " is absent");
    Network network =
        Models.create("resnet20", Models.options("resnet20").channels(1).size(28, 28));
    try (InputStream weights = resource(NAME + ".safetensors")) {
      network.load(Safetensors.load(weights, NAME));
    }
    String about;
    try (InputStream text = resource(NAME + ".txt")) {
      about = new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
    Dataset test =
        new Prepared(MnistData.fashion(data, Split.TEST), List.of(Crop.centre(MnistData.SIDE)));
    Evaluation result = Evaluation.of(network, test, Workers.shared());
    assertTrue(result.confusion().accuracy() >= 0.94, result::toString);
    String accuracy = ConfusionMatrix.percent(result.confusion().accuracy());
    assertTrue(about.contains("accuracy  " + accuracy), accuracy);
  }
}
