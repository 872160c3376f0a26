package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  /** Values worked out by hand; ten epochs. */
  @ParameterizedTest
  @CsvSource({
    "constant, 7.5, 1",
    "cosine, 0, 1",
    "cosine, 5, 0.5",
    "cosine, 10, 0",
    "step:3:0.1, 2.99, 1",
    "step:3:0.1, 3, 0.1",
    "step:3:0.1, 9, 0.001",
    "one-cycle, 0, 0.04",
    "one-cycle, 1.5, 0.52",
    "one-cycle, 3, 1",
    "one-cycle, 6.5, 0.500002",
    "one-cycle, 10, 0.000004",
    "warm-up:2:constant, 0, 0.01",
    "warm-up:2:constant, 1, 0.505",
    "warm-up:2:cosine, 2, 1",
    "warm-up:2:cosine, 6, 0.5",
    "warm-up:2:step:4:0.5, 6, 0.5",
  })
  void factorsFollowTheirDefinition(String text, double epoch, double factor) {
    Schedule schedule = Schedule.parse(text);
    assertEquals(factor, schedule.factor(new Schedule.Moment(epoch, 10, List.of())), 1e-12);
    assertEquals(text, schedule.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "one-cycle:0.85:0.95, 0, 0.95, 0.04",
    "one-cycle:0.85:0.95, 1.5, 0.9, 0.52",
    "one-cycle:0.85:0.95, 3, 0.85, 1",
    "one-cycle:0.85:0.95, 6.5, 0.9, 0.500002",
    "one-cycle:0.85:0.95, 10, 0.95, 0.000004",
    "warm-up:2:one-cycle:0.8:0.9, 1, 0.9, 0.505",
  })
  void momentumGoesAgainstTheRate(String text, double epoch, double momentum, double factor) {
    Schedule schedule = Schedule.parse(text);
    var moment = new Schedule.Moment(epoch, 10, List.of());
    assertEquals(momentum, schedule.momentum(moment).orElseThrow(), 1e-12);
    assertEquals(factor, schedule.factor(moment), 1e-12);
    assertEquals(text, schedule.toString());
    assertTrue(Schedule.parse("one-cycle").momentum(moment).isEmpty());
  }

  @Test
  void plateauFallsWhenTheLossHasNotBecomeSmaller() {
    Schedule schedule = Schedule.parse("plateau:1:0.5");
    List<Double> losses = List.of(3.0, 2.0, 2.5, 2.0, 1.9, 1.9, 1.9, 1.9, 1.9);
    double[] factors = {1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125};
    for (int epoch = 0; epoch < factors.length; epoch++) {
      var moment = new Schedule.Moment(epoch, 10, losses.subList(0, epoch));
      assertEquals(factors[epoch], schedule.factor(moment), "epoch " + epoch);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sometimes",
        "",
        "step",
        "step:3",
        "step:x:0.1",
        "step:0:0.1",
        "step:3:7",
        "cosine:3",
        "warm-up:2",
        "warm-up:2:",
        "plateau:-1:0.1",
        "one-cycle:0.9",
        "one-cycle:0.95:0.85",
        "one-cycle:0.5:1"
      })
  void refusesWhatNamesNoSchedule(String text) {
    assertThrows(IllegalArgumentException.class, () -> Schedule.parse(text));
  }

  @Test
  void refusalNamesTheSchedules() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Schedule.parse("slow")).getMessage();
    assertTrue(message.startsWith("unknown schedule 'slow'; the schedules are constant, cosine"));
  }
}
