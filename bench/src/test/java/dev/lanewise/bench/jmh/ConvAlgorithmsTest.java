package dev.lanewise.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.verify.LayerList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

/** An annotation can't read the lists it must repeat. */
class ConvAlgorithmsTest {

  @Test
  void runsEveryLayerOfTheList() throws NoSuchFieldException {
    assertEquals(LayerList.rows().stream().map(LayerList.Row::name).toList(), parameters("layer"));
  }

  @Test
  void runsEveryAlgorithm() throws NoSuchFieldException {
    assertEquals(
        Arrays.stream(Algorithm.values()).map(Algorithm::label).toList(), parameters("algorithm"));
  }

  private static List<String> parameters(String field) throws NoSuchFieldException {
    return List.of(ConvAlgorithms.class.getField(field).getAnnotation(Param.class).value());
  }
}
