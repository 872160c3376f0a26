package dev.lanewise.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.peer.Direction;
import dev.lanewise.bench.peer.Problem;
import dev.lanewise.verify.LayerList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {

  @Test
  void everyLayerHasATargetForward() {
    assertEquals(
        LayerList.rows().stream().map(LayerList.Row::name).collect(Collectors.toSet()),
        Targets.of("forward").rows().keySet());
    assertEquals(1.45, Targets.of("forward").mean());
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void noTargetIsForARowThatDoesNotExist(Direction direction) {
    Set<String> names =
        Workload.layers(direction).stream().map(Workload::name).collect(Collectors.toSet());
    assertTrue(names.containsAll(Targets.of(direction.label()).rows().keySet()));
  }

  @Test
  void everySeparableRowHasATarget() {
    assertEquals(
        Workload.separable().stream().map(Workload::name).collect(Collectors.toSet()),
        Targets.of("separable").rows().keySet());
  }

  @Test
  void everyTrainingRowHasATarget() {
    assertEquals(
        Workload.training().stream().map(Workload::name).collect(Collectors.toSet()),
        Targets.of("training").rows().keySet());
    assertEquals(
        Workload.models().stream().map(Workload::name).collect(Collectors.toSet()),
        Targets.of("models").rows().keySet());
  }

  @Test
  void targetsCountOnlyAgainstTheLibrariesTheyAreSetFor() {
    Targets targets = Targets.parse("a", "[a]\npeers | x, y\nmean | 2\nrow | 1.5");
    assertEquals(targets, targets.against(List.of("lanewise", "y", "x", "z")));
    assertEquals(
        new Targets(List.of("x", "y"), Map.of(), null), targets.against(List.of("lanewise", "x")));
  }

  @Test
  void aSectionEndsWhereTheNextBegins() {
    String text = "[a]\npeers | x\nrow | 1\n\n[b]\npeers | y\n# text\nrow | 2";
    assertEquals(Map.of("row", 1.0), Targets.parse("a", text).rows());
    assertEquals(Map.of("row", 2.0), Targets.parse("b", text).rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a]", "[b]\nrow | 1", "[a]\nrow 1", "[a]\nrow | 1\nrow | 1"})
  void aDamagedListIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Targets.parse("a", text));
  }

  @Test
  void separableRowsFitTogether() {
    Stream<List<Integer>> pointwise =
        Workload.separable().stream()
            .map(row -> ((Problem) row.job(1)).stages().size())
            .map(List::of);
    assertEquals(Set.of(List.of(2)), pointwise.collect(Collectors.toSet()));
  }
}
