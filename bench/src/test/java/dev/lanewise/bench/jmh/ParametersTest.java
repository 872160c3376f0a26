package dev.lanewise.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.verify.LayerList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;

/** An annotation can't read the lists it must repeat. */
class ParametersTest {

  private static final List<String> LAYERS =
      LayerList.rows().stream().map(LayerList.Row::name).toList();

  @Test
  void runsEveryLayerOfTheList() throws NoSuchFieldException {
    assertEquals(LAYERS, parameters(ConvAlgorithms.class, "layer"));
  }

  @Test
  void runsEveryAlgorithm() throws NoSuchFieldException {
    assertEquals(labels().toList(), parameters(ConvAlgorithms.class, "algorithm"));
  }

  @Test
  void runsEveryWinogradOfStrideOne() throws NoSuchFieldException {
    Set<String> winograds =
        labels().filter(label -> label.startsWith("winograd-f")).collect(Collectors.toSet());
    assertTrue(
        new HashSet<>(parameters(WinogradVariants.class, "algorithm")).containsAll(winograds));
  }

  @Test
  void runsEveryDirection() throws NoSuchFieldException {
    assertEquals(
        Arrays.stream(Direction.values()).map(Direction::label).toList(),
        parameters(Gradients.class, "direction"));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {Gradients.class, Layouts.class, ThreadCounts.class, WinogradVariants.class})
  void everyLayerIsOfTheList(Class<?> suite) throws NoSuchFieldException {
    assertTrue(LAYERS.containsAll(parameters(suite, "layer")));
  }

  private static Stream<String> labels() {
    return Arrays.stream(Algorithm.values()).map(Algorithm::label);
  }

  private static List<String> parameters(Class<?> suite, String field) throws NoSuchFieldException {
    return List.of(suite.getField(field).getAnnotation(Param.class).value());
  }
}
