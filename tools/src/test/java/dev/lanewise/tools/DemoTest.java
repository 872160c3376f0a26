package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.plan.Algorithm;
import dev.lanewise.kernels.shape.ConvShape;
import org.junit.jupiter.api.Test;

class DemoTest extends CommandTest {

  @Test
  void readsTheDigitsAndRacesEveryAlgorithm() {
    assertEquals(0, run("demo", "--threads", "1"), this::err);
    assertTrue(out().contains("10 of 10 digits read right"), this::out);
    ConvShape raced = ConvShape.parse("ic64ih56oc64oh56kh3ph1");
    for (Algorithm algorithm : Algorithm.values()) {
      assertTrue(
          algorithm.objection(raced).isPresent() || out().contains(algorithm.label()), this::out);
    }
    assertTrue(out().contains("GFLOP/s"), this::out);
  }
}
