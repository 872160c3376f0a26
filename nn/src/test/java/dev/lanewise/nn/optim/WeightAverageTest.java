package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernels.parallel.Workers;
import dev.lanewise.nn.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightAverageTest {

  private final Tensor x = Tensor.parameter(2);

  private WeightAverage average(String kind) {
    return new WeightAverage(WeightAverage.Kind.parse(kind), Map.of("x", x), Workers.shared());
  }

  private void set(float first, float second) {
    x.data()[0] = first;
    x.data()[1] = second;
  }

  @Test
  void equalAverageIsTheMeanOverTheEpochsThatCount() {
    WeightAverage average = average("swa:2");
    for (int epoch = 1; epoch <= 4; epoch++) {
      set(epoch, epoch * epoch);
      average.afterStep();
      average.afterEpoch(epoch);
    }
    assertEquals(3, average.updates());
    assertArrayEquals(new float[] {3, 29 / 3f}, average.state().get("x").data(), 1e-5f);
  }

  @Test
  void movingAverageForgetsExponentially() {
    WeightAverage average = average("ema:0.5");
    set(4, 8);
    average.afterStep();
    average.afterEpoch(1);
    assertArrayEquals(new float[] {4, 8}, average.state().get("x").data());
    set(0, 0);
    average.afterStep(); // decay (1 + 2) / (10 + 2) = 0.25
    assertArrayEquals(new float[] {1, 2}, average.state().get("x").data(), 1e-6f);
    average.resume(1000);
    average.afterStep(); // decay 0.5
    assertArrayEquals(new float[] {0.5f, 1}, average.state().get("x").data(), 1e-6f);
  }

  @Test
  void swapPutsTheAverageInAndTheValuesBack() {
    WeightAverage average = average("swa:1");
    set(5, 6);
    average.swap();
    assertArrayEquals(new float[] {5, 6}, x.data());
    average.afterEpoch(1);
    set(7, 10);
    average.swap();
    assertArrayEquals(new float[] {5, 6}, x.data());
    average.swap();
    assertArrayEquals(new float[] {7, 10}, x.data());
  }

  @Test
  void refusesWhatNamesNoAverage() {
    for (String text : new String[] {"mean", "ema", "ema:1", "ema:x", "swa", "swa:0"}) {
      assertThrows(
          IllegalArgumentException.class, () -> WeightAverage.Kind.parse(text), () -> text);
    }
  }
}
