package dev.lanewise.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Context;
import dev.lanewise.nn.Tensor;
import dev.lanewise.nn.layer.Initializer;
import dev.lanewise.nn.layer.LayerInfo;
import dev.lanewise.nn.layer.Network;
import dev.lanewise.nn.loss.CrossEntropy;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LeNet1998Test {

  private static Context use() {
    return Context.inference(Workers.shared());
  }

  private static Tensor random(int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    Random random = new Random(3);
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  /** The paper's counts of trainable parameters. */
  @Test
  void layersHaveThePublishedCounts() {
    Network network = Models.create("lenet5_1998");
    Map<String, Long> counts =
        network.parameters().entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    e -> e.getKey().substring(0, 2),
                    Collectors.summingLong(e -> e.getValue().size())));
    assertEquals(
        Map.of("c1", 156L, "s2", 12L, "c3", 1_516L, "s4", 32L, "c5", 48_120L, "f6", 10_164L),
        counts);
  }

  @Test
  void connectionsOfC3AreThoseOfTheTable() {
    PartialConv2d layer = new PartialConv2d(3, 3, new int[][] {{0}, {1, 2}});
    layer.initialize(new Initializer.FanInUniform(), new Random(1));
    Tensor input = random(1, 3, 5, 5);
    float[] before = layer.forward(input, use()).values();
    for (int i = 25; i < 75; i++) {
      input.data()[i] += 1;
    }
    input.changed();
    float[] after = layer.forward(input, use()).values();
    for (int i = 0; i < 9; i++) {
      assertEquals(before[i], after[i]);
      assertNotEquals(before[9 + i], after[9 + i]);
    }
  }

  @Test
  void theFirstConnectionWeighsTheFirstChannel() {
    PartialConv2d layer = new PartialConv2d(2, 1, new int[][] {{1}, {0, 1}});
    Tensor weight = layer.parameters().get("weight");
    System.arraycopy(new float[] {2, 3, 5}, 0, weight.data(), 0, 3);
    weight.changed();
    float[] sums = layer.forward(Tensor.of(new float[] {10, 1}, 1, 2, 1, 1), use()).values();
    assertEquals(List.of(2f, 35f), List.of(sums[0], sums[1]));
  }

  @Test
  void subsamplingWeighsTheSumOfFour() {
    Subsampling layer = new Subsampling(1);
    layer.parameters().get("weight").data()[0] = 3;
    layer.parameters().get("bias").data()[0] = 0.5f;
    Tensor sum = layer.forward(Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2), use());
    assertEquals(30.5f, sum.values()[0]);
  }

  @Test
  void aDrawingScoresBestForItsDigit() {
    DigitCodes layer = new DigitCodes(12);
    Tensor codes = layer.buffers().get("codes");
    Tensor drawings = Tensor.of(codes.data().clone(), 12, DigitCodes.LENGTH);
    float[] scores = layer.forward(drawings, use()).values();
    for (int drawing = 0; drawing < 12; drawing++) {
      for (int c = 0; c < 12; c++) {
        float score = scores[drawing * 12 + c];
        assertTrue(c == drawing ? score == 0 : score <= -20, drawing + " as " + c + ": " + score);
      }
    }
  }

  @Test
  void everyParameterLearns() {
    Network network = Models.create("lenet5_1998").initialize(1);
    Context context = Context.training(Workers.shared());
    Tensor scores = network.forward(random(4, 1, 32, 32), context);
    CrossEntropy.of(scores, new int[] {3, 1, 4, 1}, context).backward();
    network
        .parameters()
        .forEach(
            (name, parameter) -> {
              float[] gradient = parameter.grad();
              int zeros = 0;
              for (float value : gradient) {
                zeros += value == 0 ? 1 : 0;
              }
              assertEquals(0, zeros, name);
            });
    LayerInfo c5 =
        LayerInfo.of(network, 1, 1, 32, 32).stream()
            .filter(layer -> layer.name().equals("c5"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(32, 32), c5.receptiveField());
  }
}
