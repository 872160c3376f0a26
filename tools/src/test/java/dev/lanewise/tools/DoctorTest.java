package dev.lanewise.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernels.simd.Lanes;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest extends CommandTest {

  @Test
  void showsTheMachineAndFailsOnlyOnTheFallback() {
    assertEquals(Lanes.vectorised() ? 0 : 1, run("doctor"));
    for (String text :
        List.of("JVM", Runtime.version().toString(), "lanes", "GFLOP/s", "missing")) {
      assertTrue(out().contains(text), () -> text + " is not in:\n" + out());
    }
  }
}
