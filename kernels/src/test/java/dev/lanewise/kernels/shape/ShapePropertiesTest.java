package dev.lanewise.kernels.shape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.layout.Layout;
import dev.lanewise.kernels.layout.Reorder;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every shape. */
class ShapePropertiesTest {

  @Provide
  Arbitrary<Axis> axes() {
    return Combinators.combine(
            integers(1, 12),
            integers(1, 5),
            integers(1, 5),
            integers(0, 4),
            integers(0, 4),
            integers(1, 3))
        .as(Axis::new)
        .filter(Axis::fits);
  }

  @Provide
  Arbitrary<ConvShape> shapes() {
    Arbitrary<List<Axis>> dimensions = axes().list().ofMinSize(1).ofMaxSize(3);
    return Combinators.combine(
            integers(1, 3), integers(1, 40), integers(1, 40), integers(1, 4), dimensions)
        .as(
            (batch, in, out, groups, axes) ->
                new ConvShape(batch, in * groups, out * groups, groups, axes));
  }

  private static Arbitrary<Integer> integers(int least, int most) {
    return Arbitraries.integers().between(least, most);
  }

  @Property
  void textIsReadBackAsTheSameShape(@ForAll("shapes") ConvShape shape) {
    assertEquals(shape, ConvShape.parse(shape.toString()));
    ConvShape replicated = shape.padding(PaddingMode.REPLICATE);
    assertEquals(replicated, ConvShape.parse(replicated.toString()));
  }

  @Property
  void sameUpperAndLowerDivideTheInputByTheStride(@ForAll("shapes") ConvShape shape) {
    for (ConvShape same : List.of(shape.sameUpper(), shape.sameLower())) {
      for (Axis axis : same.axes()) {
        assertEquals((axis.input() + axis.stride() - 1) / axis.stride(), axis.output());
      }
    }
  }

  @Property
  void tapsInsideTheInputAreOneRange(@ForAll("axes") Axis axis) {
    for (int window = 0; window < axis.output(); window++) {
      for (int tap = 0; tap < axis.kernel(); tap++) {
        int at = axis.position(window, tap);
        boolean inRange = tap >= axis.firstTap(window) && tap < axis.endTap(window);
        assertEquals(at >= 0 && at < axis.input(), inRange);
      }
    }
  }

  @Property
  void lastWindowFitsAndOneMoreWouldNot(@ForAll("axes") Axis axis) {
    int used = (axis.output() - 1) * axis.stride() + axis.extent();
    assertTrue(used <= axis.padded() && used + axis.stride() > axis.padded());
  }

  @Property
  void layoutsAreConvertedBackWithoutLoss(@ForAll("shapes") ConvShape shape) {
    int[] dims = shape.inputDims();
    float[] planar = new float[Layout.NCHW.length(dims)];
    IntStream.range(0, planar.length).forEach(i -> planar[i] = i + 1);
    for (Layout layout : Layout.values()) {
      float[] there = Reorder.to(dims, Layout.NCHW, planar, layout);
      assertArrayEquals(planar, Reorder.to(dims, layout, there, Layout.NCHW));
    }
  }
}
