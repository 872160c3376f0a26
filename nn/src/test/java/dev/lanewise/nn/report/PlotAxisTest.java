package dev.lanewise.nn.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlotAxisTest {

  private static List<String> labels(PlotAxis axis) {
    return axis.ticks().stream().map(axis::label).toList();
  }

  @Test
  void ticksStandAtRoundNumbers() {
    assertEquals(List.of("0.0", "0.1", "0.2", "0.3"), labels(PlotAxis.of(List.of(0.0, 0.05, 0.3))));
    assertEquals(
        List.of("97.0", "97.5", "98.0", "98.5", "99.0"),
        labels(PlotAxis.of(List.of(97.1, 98.9)).widened()));
    assertEquals(
        List.of("-20", "0", "20", "40", "60"), labels(PlotAxis.of(List.of(-12.5, 49.5)).widened()));
  }

  @Test
  void epochsAreWholeNumbers() {
    assertEquals(List.of("1"), labels(PlotAxis.of(List.of(1.0))));
    assertEquals(List.of("1", "2", "3"), labels(PlotAxis.of(List.of(1.0, 2.0, 3.0))));
    assertEquals(List.of("5", "10", "15", "20"), labels(PlotAxis.of(List.of(1.0, 20.0))));
  }

  @Test
  void logarithmsHaveWholeDecades() {
    PlotAxis axis = PlotAxis.decades(List.of(-4.6, -0.2));
    assertEquals(
        List.of("1e-5", "1e-4", "0.001", "0.01", "0.1", "1"),
        axis.ticks().stream().map(PlotAxis::power).toList());
    assertEquals(List.of(0.0, 1.0), PlotAxis.decades(List.of(0.3, 0.4)).ticks());
  }

  @Test
  void valuesThatAreNotFiniteOrAreAllOneMakeAnAxisToo() {
    assertEquals(new PlotAxis(0, 1, 0.25), PlotAxis.of(List.of(Double.NaN)));
    assertEquals(0.5, PlotAxis.of(List.of(0.3, 0.3, Double.POSITIVE_INFINITY)).part(0.3), 1e-9);
  }
}
