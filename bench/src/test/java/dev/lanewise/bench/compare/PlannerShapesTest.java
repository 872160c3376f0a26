package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.shape.Axis;
import dev.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannerShapesTest {

  private static final List<ConvShape> SHAPES = PlannerShapes.random(200, 1);

  @Test
  void aSeedGivesTheSameDistinctShapes() {
    assertEquals(SHAPES, PlannerShapes.random(200, 1));
    assertNotEquals(SHAPES, PlannerShapes.random(200, 2));
    assertEquals(200, SHAPES.stream().distinct().count());
  }

  @Test
  void fewerShapesAreTheFirstOfMore() {
    assertEquals(SHAPES.subList(0, 50), PlannerShapes.random(50, 1));
  }

  @Test
  void everyKindIsThere() {
    assertTrue(values(ConvShape::batch).containsAll(Set.of(1, 2, 3, 4)));
    assertTrue(values(shape -> width(shape).kernel()).containsAll(Set.of(1, 2, 3, 5, 7, 11)));
    assertTrue(values(shape -> width(shape).stride()).containsAll(Set.of(1, 2)));
    assertTrue(values(shape -> width(shape).dilation()).size() > 1);
    assertTrue(values(shape -> shape.groups() == 1).size() == 2);
    assertTrue(SHAPES.stream().anyMatch(s -> s.groups() > 1 && s.groups() < s.inChannels()));
    assertTrue(SHAPES.stream().anyMatch(s -> s.groups() > 1 && s.groups() == s.inChannels()));
    assertTrue(SHAPES.stream().anyMatch(s -> s.inChannels() <= 3));
    assertTrue(SHAPES.stream().anyMatch(s -> s.axes().getFirst().kernel() < width(s).kernel()));
  }

  private static Axis width(ConvShape shape) {
    return shape.axes().getLast();
  }

  private static <T> Set<T> values(Function<ConvShape, T> property) {
    return SHAPES.stream().map(property).collect(Collectors.toSet());
  }
}
